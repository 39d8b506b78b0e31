import { FileUp, LayoutTemplate, Plus, Search, SearchX } from 'lucide-react'
import { Suspense, lazy, useCallback, useRef, useState } from 'react'
import { Button } from '../parts/button.tsx'
import { Input } from '../parts/input.tsx'
import { Keys } from '../parts/keys.tsx'
import { Page } from '../parts/page.tsx'
import { Empty, Failed, Waiting } from '../parts/states.tsx'
import { plural } from '../parts/words.ts'
import { useSingleKey, useSingleKeys } from '../settings/single-keys.ts'
import { matching, useWorkflows } from './all-workflows.ts'
import { DropZone } from './drop-zone.tsx'
import { FirstWorkflow } from './first-workflow.tsx'
import { NewWorkflow } from './new-workflow.tsx'
import { WorkflowTable } from './workflow-table.tsx'

/** Both bring the node types and the templates along, which the list itself does without. */
const Gallery = lazy(async () => ({ default: (await import('./gallery.tsx')).Gallery }))
const Import = lazy(async () => ({ default: (await import('./import.tsx')).Import }))

type Open = 'new' | 'templates' | undefined

export function Workflows() {
  const workflows = useWorkflows()
  const [search, setSearch] = useState('')
  const [open, setOpen] = useState<Open>()
  const [files, setFiles] = useState<readonly File[]>([])
  const picker = useRef<HTMLInputElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const page = useRef<HTMLDivElement>(null)
  useSingleKey(
    '/',
    useCallback(() => field.current?.focus(), []),
  )
  const keys = useSingleKeys()

  const all = workflows.data?.items ?? []
  const shown = matching(all, search)
  const create = (
    <Button key="new" look="primary" icon={<Plus className="size-4" />} onClick={() => setOpen('new')}>
      New workflow
    </Button>
  )
  const template = (
    <Button key="template" icon={<LayoutTemplate className="size-4" />} onClick={() => setOpen('templates')}>
      From a template
    </Button>
  )
  const importing = (
    <Button key="import" icon={<FileUp className="size-4" />} onClick={() => picker.current?.click()}>
      Import file
    </Button>
  )
  const bar = (
    <div className="flex grow items-center gap-4">
      <div className="relative w-full max-w-xs">
        <Search className="pointer-events-none absolute top-2 left-2.5 size-4 text-text-3" aria-hidden />
        <Input
          ref={field}
          type="search"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
            event.preventDefault()
            const first = page.current?.querySelector<HTMLElement>('[data-row]')
            if (event.key === 'Enter') first?.click()
            else first?.focus()
          }}
          placeholder="Search by name or URL"
          aria-label="Search workflows"
          className="pr-8 pl-8 [&::-webkit-search-cancel-button]:hidden"
        />
        {keys && search === '' && (
          <span className="pointer-events-none absolute top-1.5 right-2">
            <Keys keys="/" />
          </span>
        )}
      </div>
      <p role="status" className="ml-auto text-sm text-text-2 max-sm:sr-only">
        {workflows.isPending
          ? ''
          : search === ''
            ? plural(all.length, 'workflow')
            : `${shown.length} of ${plural(all.length, 'workflow')}`}
      </p>
    </div>
  )
  const content = () => {
    if (workflows.isPending) return <RowsToCome />
    if (workflows.isError && all.length === 0) {
      return <Failed error={workflows.error} onRetry={() => void workflows.refetch()} />
    }
    if (all.length === 0) {
      return <FirstWorkflow ways={[create, template, importing]} />
    }
    if (shown.length === 0) {
      return (
        <Empty
          icon={<SearchX />}
          title="Nothing matches"
          action={<Button onClick={() => setSearch('')}>Clear the search</Button>}
        >
          No workflow has “{search}” in its name, key or URL.
        </Empty>
      )
    }
    return <WorkflowTable workflows={shown} />
  }
  return (
    <DropZone ref={page} onFiles={setFiles}>
      <Page
        title="Workflows"
        actions={all.length > 0 && [importing, template, create]}
        {...((workflows.isPending || all.length > 0) && { bar })}
      >
        {content()}
      </Page>
      <input
        ref={picker}
        type="file"
        accept=".json,.yaml,.yml"
        multiple
        hidden
        aria-label="Workflow files"
        onChange={({ target }) => {
          setFiles([...(target.files ?? [])])
          target.value = ''
        }}
      />
      <NewWorkflow
        open={open === 'new'}
        onOpenChange={(open) => setOpen(open ? 'new' : undefined)}
        onTemplates={() => setOpen('templates')}
      />
      <Suspense>
        {open === 'templates' && <Gallery onClose={() => setOpen(undefined)} />}
        {files.length > 0 && <Import files={files} existing={all} onClose={() => setFiles([])} />}
      </Suspense>
    </DropZone>
  )
}

const RowsToCome = () => (
  <Waiting label="Loading workflows" className="">
    {[0, 1, 2, 3].map((n) => (
      <div key={n} className="flex h-16 flex-col justify-center gap-2 border-b px-6">
        <span className="h-3 w-48 animate-pulse rounded-sm bg-surface-3" />
        <span className="h-2.5 w-72 animate-pulse rounded-sm bg-surface-2" />
      </div>
    ))}
  </Waiting>
)
