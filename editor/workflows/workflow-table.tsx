import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { DeleteWorkflow } from './delete-workflow.tsx'
import { exportWorkflow } from './export-file.ts'
import { type RowActions, WorkflowRow } from './workflow-row.tsx'

/** A row has a menu and a switch of its own: a thousand at once would be felt. */
const rowsAtOnce = 100

export function WorkflowTable({ workflows }: { readonly workflows: readonly WorkflowSummary[] }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const table = useRef<HTMLTableElement>(null)
  const [rows, setRows] = useState(rowsAtOnce)
  const [removing, setRemoving] = useState<WorkflowSummary>()
  const [comes, setComes] = useState<string>()

  const duplicate = useMutation({
    mutationFn: async ({ id, name }: WorkflowSummary) => {
      const { draft } = await client.workflow(id)
      return client.createWorkflow({ name: `${name.slice(0, 190)} copy`, graph: draft })
    },
    onSuccess: ({ id }) => {
      setComes(id)
      return queries.invalidateQueries({ queryKey: ['workflows'] })
    },
  })
  const exporting = useMutation({
    mutationFn: async ({ id }: WorkflowSummary) => exportWorkflow(await client.workflow(id)),
  })
  const { mutate: copy } = duplicate
  const { mutate: exportFile } = exporting
  const actions: RowActions = useMemo(
    () => ({
      open: ({ id }) => void navigate({ to: '/workflows/$id', params: { id } }),
      duplicate: copy,
      exportFile,
      remove: setRemoving,
    }),
    [navigate, copy, exportFile],
  )

  // A copy takes the focus once its row is there: that is where the person looks next.
  const isThere = comes !== undefined && workflows.some(({ id }) => id === comes)
  useEffect(() => {
    if (!isThere) return
    linksOf(table.current)
      .find(({ dataset }) => dataset['row'] === comes)
      ?.focus()
    setComes(undefined)
  }, [isThere, comes])

  return (
    <>
      <table ref={table} className="w-full border-collapse" onKeyDown={walk}>
        <thead>
          <tr className="border-b text-left text-xs text-text-2 [&>th]:h-9 [&>th]:pr-4 [&>th]:font-medium">
            <th scope="col" className="pl-6">
              Name
            </th>
            <th scope="col" className="w-40 max-sm:hidden">
              Status
            </th>
            <th scope="col" className="w-32 max-md:hidden">
              Last run
            </th>
            <th scope="col" className="w-52 max-lg:hidden">
              Outcomes
            </th>
            <th scope="col" className="w-16">
              Enabled
            </th>
            <th scope="col" className="w-16">
              <span className="sr-only">More</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {workflows.slice(0, rows).map((workflow) => (
            <WorkflowRow
              key={workflow.id}
              workflow={workflow}
              actions={actions}
              trouble={troubleOf(workflow, duplicate) ?? troubleOf(workflow, exporting)}
            />
          ))}
        </tbody>
      </table>
      {workflows.length > rows && (
        <div className="flex justify-center py-4">
          <Button onClick={() => setRows(rows + rowsAtOnce)}>Show {rowsAtOnce} more</Button>
        </div>
      )}
      <DeleteWorkflow workflow={removing} onClose={() => setRemoving(undefined)} onExport={exportFile} />
    </>
  )
}

const troubleOf = (
  { id }: WorkflowSummary,
  { variables, error }: { readonly variables: WorkflowSummary | undefined; readonly error: unknown },
): unknown => (variables?.id === id ? (error ?? undefined) : undefined)

const linksOf = (within: ParentNode | null): readonly HTMLElement[] => [
  ...(within?.querySelectorAll<HTMLElement>('[data-row]') ?? []),
]

/** The arrow keys, Home and End walk the rows, from wherever in a row the focus is. */
function walk(event: KeyboardEvent<HTMLTableElement>): void {
  // What opened above the row (its menu) has arrows of its own.
  const row = event.target instanceof Element ? event.target.closest('tr') : null
  if (event.defaultPrevented || row === null) return
  const links = linksOf(event.currentTarget)
  const at = links.findIndex((link) => row.contains(link))
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  links[next]?.focus()
}
