/** What publishing would change, what keeps it from being done, and a note; then the URL to copy. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, Rocket } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { ApiProblem, client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Copy } from '../parts/copy.tsx'
import { TextArea } from '../parts/input.tsx'
import { Trouble, Waiting } from '../parts/states.tsx'
import { diffGraphs, isSameGraph } from '../state/diff.ts'
import { Diff } from './diff.tsx'
import { useDocument, useEditing, useGraph } from './editing.tsx'
import { saved, takeHead } from './head.ts'
import { Problems } from './problems.tsx'
import { usePublishedVersion } from './published-version.ts'

export function PublishForm({ onClose }: { readonly onClose: () => void }) {
  const editing = useEditing()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const head = useDocument((document) => document.head)
  const found = useDocument(({ problems }) => problems)
  const publish = useMutation({
    mutationFn: async () => {
      const { document } = editing
      await saved(editing)
      const { id, revision } = document.getState().head
      const version = await client.publish(id, { note: note.trim(), revision })
      takeHead(document, await client.workflow(id))
      return version
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['versions', head.id] }),
  })
  const { error } = publish
  const refused = error instanceof ApiProblem ? (error.document.problems ?? []) : []
  const problems = refused.length > 0 ? refused : found
  const canPublish = problems.length === 0 && !publish.isPending
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    event.stopPropagation()
    if (canPublish) publish.mutate()
  }
  if (publish.data !== undefined) return <Published number={publish.data.number} onClose={onClose} />
  return (
    <div className="flex min-h-0 flex-col" onKeyDown={onKeyDown}>
      <div className="flex min-h-0 flex-col gap-3 overflow-auto p-4">
        <h2 className="text-base font-semibold">
          {head.version === null ? 'Publish for the first time' : `Publish over version ${head.version}`}
        </h2>
        {problems.length > 0 ? <Problems problems={problems} onGo={onClose} /> : <Changes />}
        <label className="flex flex-col gap-1 text-sm text-text-2">
          Note
          <TextArea
            autoFocus
            value={note}
            onChange={({ target }) => setNote(target.value)}
            placeholder="What changed, and why (optional)"
            maxLength={2_000}
            rows={2}
          />
        </label>
        {refused.length === 0 && <Trouble error={error} />}
      </div>
      <footer className="flex items-center justify-end gap-2 border-t px-4 py-3">
        {problems.length > 0 && <span className="mr-auto text-sm text-text-2">Mend these first.</span>}
        <Button look="quiet" onClick={onClose}>
          Cancel
        </Button>
        <Button
          look="primary"
          icon={<Rocket className="size-4" aria-hidden />}
          disabled={!canPublish}
          busy={publish.isPending}
          onClick={() => publish.mutate()}
        >
          Publish now
        </Button>
      </footer>
    </div>
  )
}

/** Since the version that runs. */
function Changes() {
  const graph = useGraph()
  const head = useDocument((document) => document.head)
  const { data: version, error } = usePublishedVersion()
  if (error !== null) return <Trouble error={error} />
  if (head.version === null)
    return (
      <p className="text-sm text-text-2">
        From then on, every request to its hook URL is verified, stored and run. You can pause it at any time.
      </p>
    )
  if (version === undefined) return <Waiting className="h-16 animate-pulse rounded-md bg-surface-2" />
  const isSame = isSameGraph(diffGraphs(version.graph, graph))
  return (
    <section aria-label="Changes" className="@container">
      {!isSame && <h3 className="text-xs font-medium text-text-3">Changes since version {version.number}</h3>}
      <Diff before={version.graph} after={graph} same={`Nothing changed since version ${version.number}.`} />
    </section>
  )
}

function Published({ number, onClose }: { readonly number: number; readonly onClose: () => void }) {
  const head = useDocument((document) => document.head)
  return (
    <div className="flex flex-col gap-3 p-4">
      <p role="status" className="flex items-center gap-2 text-base font-semibold">
        <CircleCheck className="size-5 text-ok" aria-hidden />
        Version {number} is published
      </p>
      {!head.enabled && (
        <p className="text-sm text-wait">The workflow is paused: events wait until you enable it.</p>
      )}
      <p className="text-sm text-text-2">Paste its hook URL where the events come from.</p>
      <div className="flex items-center gap-1 rounded-md border bg-surface-2 pl-2.5">
        <code className="min-w-0 grow truncate text-xs">{head.hook.url}</code>
        <Copy text={head.hook.url} label="Copy the hook URL" />
      </div>
      <Button className="self-end" onClick={onClose}>
        Done
      </Button>
    </div>
  )
}
