import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { Trouble } from '../parts/states.tsx'
import { useWorkflows } from '../workflows/all-workflows.ts'
import { Panel } from './panel.tsx'

const shown = 6

/** What failed, why, and the way to its run, where it can be resumed. */
export function FailedLately() {
  const failed = useQuery({
    queryKey: ['runs', { state: 'failed', kind: 'production', limit: shown }],
    queryFn: () => client.runs({ state: 'failed', kind: 'production', limit: shown }),
  })
  const workflows = useWorkflows().data?.items
  const nameOf = (id: string) => workflows?.find((workflow) => workflow.id === id)?.name ?? id
  const items = failed.data?.items ?? []
  return (
    <Panel
      title="Failed lately"
      aside={
        items.length > 0 && (
          <Link to="/runs" search={{ state: 'failed' }} className="rounded-sm text-accent hover:underline">
            All failed runs
          </Link>
        )
      }
    >
      <ul>
        {items.map(({ id, workflowId, createdAt, error, reason }) => (
          <li key={id} className="border-b last:border-b-0">
            <Link
              to="/runs/$id"
              params={{ id }}
              className="-mx-2 block rounded-md px-2 py-2 transition-colors duration-150 hover:bg-surface-2"
            >
              <span className="flex items-baseline gap-2">
                <span className="min-w-0 grow truncate text-base font-medium">{nameOf(workflowId)}</span>
                <span className="shrink-0 text-sm text-text-2">
                  <Ago at={createdAt} />
                </span>
              </span>
              <span className="block truncate text-sm text-text-2">{error?.message ?? reason}</span>
            </Link>
          </li>
        ))}
      </ul>
      {failed.isSuccess && items.length === 0 && (
        <p className="flex items-center gap-1.5 text-sm text-text-2">
          <CircleCheck className="size-4 text-ok" aria-hidden />
          No run has failed.
        </p>
      )}
      <Trouble error={failed.error} />
    </Panel>
  )
}
