import { GitCompareArrows, TriangleAlert } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import type { Workflow } from '../../nodes/contract/api.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { diffGraphs, isSameGraph } from '../state/diff.ts'
import { useDocument, useEditing, useGraph } from './editing.tsx'
import { takeHead } from './head.ts'

const Diff = lazy(async () => ({ default: (await import('./diff.tsx')).Diff }))

/** Under the bar: what keeps the draft from being saved, until the person has chosen. */
export function SavingTrouble() {
  const saving = useDocument((document) => document.saving)
  if (saving.state === 'conflict') return <Conflict theirs={saving.theirs} />
  if (saving.state !== 'refused') return null
  return (
    <Band>
      <TriangleAlert className="size-4 shrink-0 text-fail" aria-hidden />
      <p className="min-w-0 grow">The draft is not saved. {saving.message}</p>
    </Band>
  )
}

export const Band = ({ children }: { readonly children: ReactNode }) => (
  <div
    role="alert"
    className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b bg-wait-soft px-4 py-1.5 text-sm text-text-1"
  >
    {children}
  </div>
)

function Conflict({ theirs }: { readonly theirs: Workflow }) {
  const { document, saver } = useEditing()
  const mine = useGraph()
  const savedGraph = useDocument((state) => state.savedGraph)
  const [isOpen, setOpen] = useState(false)
  // Only its name or its switch was changed: there is nothing to choose between.
  const isHarmless = isSameGraph(diffGraphs(savedGraph, theirs.draft))
  useEffect(() => {
    if (!isHarmless) return
    takeHead(document, theirs)
    document.getState().setSaving({ state: 'unsaved' })
    void saver.flush()
  }, [isHarmless, document, saver, theirs])
  if (isHarmless) return null

  const take = () => {
    setOpen(false)
    document.getState().take(theirs)
  }
  const keep = () => {
    setOpen(false)
    void saver.keepMine()
  }
  const choices = (
    <>
      <Button size="sm" onClick={take}>
        Take theirs
      </Button>
      <Button size="sm" onClick={keep}>
        Keep mine
      </Button>
    </>
  )
  return (
    <Band>
      <GitCompareArrows className="size-4 shrink-0 text-wait" aria-hidden />
      <p className="min-w-0 grow">
        Somebody else saved this workflow. Your changes are kept here until you choose.
      </p>
      <span className="ml-auto flex gap-2">
        <Button size="sm" look="quiet" onClick={() => setOpen(true)}>
          See what differs
        </Button>
        {choices}
      </span>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title="What differs"
        about="From their draft to yours. Taking theirs can be undone; keeping yours overwrites theirs."
        width="lg"
        footer={choices}
      >
        <div className="@container">
          <Suspense>
            <Diff before={theirs.draft} after={mine} same="Both drafts are the same by now." />
          </Suspense>
        </div>
      </Dialog>
    </Band>
  )
}
