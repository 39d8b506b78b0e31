import { Check, CloudOff, GitCompareArrows, LoaderCircle, Pencil, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classes } from '../parts/classes.ts'
import type { Saving } from '../state/document.ts'
import { useDocument } from './editing.tsx'

const marks: Readonly<
  Record<Saving['state'], { readonly icon: ReactNode; readonly word: string; readonly colour: string }>
> = {
  saved: { icon: <Check />, word: 'Draft saved', colour: 'text-text-3' },
  unsaved: { icon: <Pencil />, word: 'Unsaved', colour: 'text-text-3' },
  saving: { icon: <LoaderCircle className="animate-spin" />, word: 'Saving…', colour: 'text-text-3' },
  offline: { icon: <CloudOff />, word: 'Offline, kept here', colour: 'text-wait' },
  conflict: { icon: <GitCompareArrows />, word: 'Conflict', colour: 'text-wait' },
  refused: { icon: <TriangleAlert />, word: 'Not saved', colour: 'text-fail' },
}

/** Where the draft stands. Its width is that of the longest usual word, so that nothing beside it moves. */
export function SavingMark() {
  const state = useDocument(({ saving }) => saving.state)
  const { icon, word, colour } = marks[state]
  return (
    <span
      role="status"
      className={classes(
        'flex min-w-26 shrink-0 items-center gap-1.5 border-l pl-2.5 text-sm whitespace-nowrap max-[1000px]:min-w-0 [&_svg]:size-3.5',
        colour,
      )}
    >
      <span aria-hidden>{icon}</span>
      <span className="max-[1000px]:sr-only">{word}</span>
    </span>
  )
}
