import { Circle, CirclePause, CirclePlay } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { classes } from '../parts/classes.ts'
import { diffGraphs, isSameWork } from '../state/diff.ts'
import { useDocument, useGraph } from './editing.tsx'
import { usePublishedVersion } from './published-version.ts'

/** What runs now, and whether the draft has gone on from there. */
export function VersionChip() {
  const { version, enabled } = useDocument(({ head }) => head)
  if (version === null) {
    return (
      <Chip className="text-text-3">
        <Circle className="size-3" aria-hidden />
        Not published yet
      </Chip>
    )
  }
  return (
    <Chip className={enabled ? 'text-ok' : 'text-wait'}>
      {enabled ? (
        <CirclePlay className="size-3.5" aria-hidden />
      ) : (
        <CirclePause className="size-3.5" aria-hidden />
      )}
      {/* A narrow bar keeps the word for the ear and the icon for the eye, and the workflow's name its room. */}
      <span>
        <span className="max-[900px]:sr-only">{enabled ? 'Published' : 'Paused'} </span>v{version}
      </span>
      <Edited />
    </Chip>
  )
}

const Chip = ({
  className,
  children,
}: {
  readonly className: string
  readonly children: React.ReactNode
}) => (
  <span className={classes('flex shrink-0 items-center gap-1.5 text-sm whitespace-nowrap', className)}>
    {children}
  </span>
)

function Edited() {
  // The cards come first: this may wait until nobody drags.
  const graph = useDeferredValue(useGraph())
  const published = usePublishedVersion().data
  const isEdited = useMemo(
    () => published !== undefined && !isSameWork(diffGraphs(published.graph, graph)),
    [published, graph],
  )
  return isEdited ? <span className="text-text-3 max-[1100px]:hidden">· edited</span> : null
}
