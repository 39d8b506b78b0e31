/** Under the canvas: the sample in use, and what happened lately. One line until somebody opens it. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useSampleFromLink } from '../events/sample-link.ts'
import { SampleChooser } from '../inspector/sample-chooser.tsx'
import { IconButton } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { StateMark } from '../parts/state-mark.tsx'
import { shortId } from '../parts/words.ts'
import { useDocument } from '../workflows/editing.tsx'
import { RecentEvents, RecentRejections, RecentRuns, useRecentRejections } from './recent.tsx'
import { useShownRun } from './shown-run.ts'

type Tab = 'runs' | 'events' | 'rejected'
const tabs: readonly (readonly [Tab, string])[] = [
  ['runs', 'Runs'],
  ['events', 'Events'],
  ['rejected', 'Rejected'],
]

const lists = { runs: RecentRuns, events: RecentEvents, rejected: RecentRejections } as const

export function Drawer() {
  useSampleFromLink()
  const workflowId = useDocument(({ head }) => head.id)
  const [open, setOpen] = useState<Tab>()
  const [last, setLast] = useState<Tab>('runs')
  const panel = useId()
  const show = (tab: Tab | undefined) => {
    setOpen(tab)
    if (tab !== undefined) setLast(tab)
  }
  const Recent = open && lists[open]
  return (
    <footer className="flex shrink-0 flex-col border-t bg-surface-1" aria-label="Sample and what happened">
      <div className="flex h-10 items-center gap-3 px-3">
        <div className="flex min-w-0 items-center gap-1.5">
          <SampleChooser />
        </div>
        <ShownRun />
        <div className="ml-auto flex shrink-0 items-center gap-1">
          {tabs.map(([tab, label]) => (
            <button
              key={tab}
              type="button"
              aria-expanded={tab === open}
              aria-controls={panel}
              onClick={() => show(tab === open ? undefined : tab)}
              className={classes(
                'flex h-7 items-center gap-1.5 rounded-md px-2 text-sm hover:bg-surface-2',
                tab === open ? 'bg-surface-2 font-medium text-text-1' : 'text-text-2',
              )}
            >
              {label}
              {tab === 'rejected' && <RejectedCount workflowId={workflowId} />}
            </button>
          ))}
          <IconButton
            label={open === undefined ? 'Open' : 'Close'}
            side="top"
            onClick={() => show(open === undefined ? last : undefined)}
          >
            {open === undefined ? <ChevronUp /> : <ChevronDown />}
          </IconButton>
        </div>
      </div>
      <div id={panel} hidden={open === undefined} className="relative h-64 overflow-auto border-t">
        {Recent && <Recent workflowId={workflowId} />}
      </div>
    </footer>
  )
}

/** How many of the last refusals nobody has accepted; nothing when there are none. */
function RejectedCount({ workflowId }: { readonly workflowId: string }) {
  const { data } = useRecentRejections(workflowId)
  const waiting = data?.items.filter(({ acceptedAs }) => acceptedAs === null).length ?? 0
  if (waiting === 0) return null
  return (
    <span className="rounded-full bg-fail-soft px-1.5 text-xs leading-4 font-medium text-fail tabular-nums">
      {waiting}
      {data?.nextCursor != null && '+'}
    </span>
  )
}

/** Which run is drawn on the canvas, and the way back from it. */
function ShownRun() {
  const id = useSearch({ strict: false, select: ({ run }) => run })
  const run = useShownRun()
  const navigate = useNavigate({ from: '/workflows/$id' })
  if (id === undefined) return null
  const hide = () =>
    void navigate({
      search: ({ run: _run, ...before }) => before,
      replace: true,
    })
  return (
    <div className="flex min-w-0 items-center gap-1 rounded-md bg-accent-soft pl-2 text-sm">
      <span className="text-text-2">Run</span>
      <Link
        to="/runs/$id"
        params={{ id }}
        className="inline-flex items-center gap-1.5 underline-offset-2 hover:underline"
      >
        <code>…{shortId(id)}</code>
        {run !== undefined && <StateMark state={run.state} />}
      </Link>
      <IconButton label="Stop showing this run" side="top" className="!size-7" onClick={hide}>
        <X />
      </IconButton>
    </div>
  )
}
