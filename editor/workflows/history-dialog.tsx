/** Every published version and the draft: what is different between any two, and the way back. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Graph } from '../../nodes/contract/graph.ts'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { classes } from '../parts/classes.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Select } from '../parts/input.tsx'
import { Failed, Skeleton, Trouble } from '../parts/states.tsx'
import { Diff } from './diff.tsx'
import { useDocument, useGraph } from './editing.tsx'
import { useRestore } from './restore.ts'

interface HistoryDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

export const HistoryDialog = ({ open, onOpenChange }: HistoryDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="History"
    about="Published versions never change. Restoring one makes it the draft; it runs once you publish it."
    width="xl"
  >
    <History onDone={() => onOpenChange(false)} />
  </Dialog>
)

/** The draft, or a version by its number. */
interface Entry {
  readonly id: string
  readonly name: string
  readonly note: string
  readonly at: string | undefined
  readonly graph: Graph
  readonly number: number | undefined
}

const versionsAtOnce = 20

function History({ onDone }: { readonly onDone: () => void }) {
  const workflowId = useDocument(({ head }) => head.id)
  const draft = useGraph()
  const [shownId, setShownId] = useState('draft')
  const [againstId, setAgainstId] = useState<string>()
  const versions = useInfiniteQuery({
    queryKey: ['versions', workflowId],
    queryFn: ({ pageParam }) => client.versions(workflowId, { cursor: pageParam, limit: versionsAtOnce }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  })
  if (versions.error !== null)
    return <Failed error={versions.error} onRetry={() => void versions.refetch()} />
  if (versions.data === undefined) return <Skeleton rows={5} />

  const entries: readonly Entry[] = [
    {
      id: 'draft',
      name: 'Draft',
      note: 'What you are editing',
      at: undefined,
      graph: draft,
      number: undefined,
    },
    ...versions.data.pages.flatMap(({ items }) =>
      items.map(({ number, note, createdAt, graph }) => ({
        id: String(number),
        name: `Version ${number}`,
        note,
        at: createdAt,
        graph,
        number,
      })),
    ),
  ]
  const at = Math.max(
    0,
    entries.findIndex(({ id }) => id === shownId),
  )
  const shown = entries[at]
  const against = entries.find(({ id }) => id === againstId && id !== shownId) ?? entries[at + 1]
  if (shown === undefined) return null
  return (
    <div className="grid gap-6 md:grid-cols-[16rem_minmax(0,1fr)]">
      <div className="min-w-0">
        <Versions entries={entries} shownId={shown.id} onShow={setShownId} />
        {versions.hasNextPage && (
          <Button
            size="sm"
            look="quiet"
            busy={versions.isFetchingNextPage}
            onClick={() => void versions.fetchNextPage()}
          >
            Show older versions
          </Button>
        )}
      </div>
      <Comparison
        shown={shown}
        against={against}
        others={entries.filter(({ id }) => id !== shown.id)}
        onAgainst={setAgainstId}
        onDone={onDone}
      />
    </div>
  )
}

interface VersionsProps {
  readonly entries: readonly Entry[]
  readonly shownId: string
  readonly onShow: (id: string) => void
}

function Versions({ entries, shownId, onShow }: VersionsProps) {
  const published = useDocument(({ head }) => head.version)
  return (
    <ul aria-label="Versions" className="-mx-2.5 flex max-h-[60vh] flex-col gap-0.5 overflow-auto p-0.5">
      {entries.map(({ id, name, note, at, number }) => (
        <li key={id}>
          <button
            type="button"
            // Or the first thing that is reached is the way out.
            autoFocus={id === shownId}
            aria-pressed={id === shownId}
            onClick={() => onShow(id)}
            className={classes(
              'flex w-full flex-col rounded-md px-2 py-1.5 text-left',
              id === shownId ? 'bg-accent-soft' : 'hover:bg-surface-2',
            )}
          >
            <span className="flex w-full items-baseline gap-2 text-sm font-medium">
              {name}
              {number !== undefined && number === published && (
                <span className="text-xs font-normal text-ok">● published</span>
              )}
              <span className="ml-auto shrink-0 text-xs font-normal text-text-3">
                {at !== undefined && <Ago at={at} />}
              </span>
            </span>
            <span className="line-clamp-2 text-xs text-text-2">{note || 'No note'}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

interface ComparisonProps {
  readonly shown: Entry
  readonly against: Entry | undefined
  readonly others: readonly Entry[]
  readonly onAgainst: (id: string) => void
  readonly onDone: () => void
}

function Comparison({ shown, against, others, onAgainst, onDone }: ComparisonProps) {
  const restore = useRestore(onDone)
  const { number } = shown
  return (
    <section aria-label="What is different" className="@container flex min-w-0 flex-col gap-2">
      <header className="flex flex-wrap items-center gap-2">
        <h3 className="text-base font-semibold">{shown.name}</h3>
        {against !== undefined && (
          <label className="flex items-center gap-2 text-sm text-text-2">
            compared with
            <Select
              value={against.id}
              onChoose={onAgainst}
              options={others.map(({ id, name }) => ({ value: id, label: name }))}
              className="!w-auto"
            />
          </label>
        )}
        {number !== undefined && (
          <Button
            size="sm"
            className="ml-auto"
            busy={restore.isPending}
            onClick={() => restore.mutate(number)}
          >
            Restore version {number}
          </Button>
        )}
      </header>
      <Trouble error={restore.error} />
      {against === undefined ? (
        <p className="text-sm text-text-2">
          {number === undefined
            ? 'Nothing is published yet, so there is nothing to compare with.'
            : 'This is the first version.'}
        </p>
      ) : (
        <Diff
          before={against.graph}
          after={shown.graph}
          same={`Nothing differs from ${against.name.toLowerCase()}.`}
        />
      )}
    </section>
  )
}
