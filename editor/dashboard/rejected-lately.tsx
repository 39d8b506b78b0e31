import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { Trouble } from '../parts/states.tsx'
import { useWorkflows } from '../workflows/all-workflows.ts'
import { Panel } from './panel.tsx'

const shown = 6

/** What the door refused, why, and the way to where it can be accepted. */
export function RejectedLately() {
  const rejections = useQuery({
    queryKey: ['rejections', { limit: shown }],
    queryFn: () => client.rejections({ limit: shown }),
  })
  const workflows = useWorkflows().data?.items
  const nameOf = (id: string) => workflows?.find((workflow) => workflow.id === id)?.name ?? id
  const items = rejections.data?.items ?? []
  return (
    <Panel
      title="Rejected lately"
      className="border-t lg:border-t-0 lg:border-l"
      aside={
        items.length > 0 && (
          <Link to="/rejected" className="rounded-sm text-accent hover:underline">
            All rejections
          </Link>
        )
      }
    >
      <ul>
        {items.map(({ id, workflowId, at, status, reason, detail }) => (
          <li key={id} className="border-b last:border-b-0">
            <Link
              to="/rejected"
              search={{ workflow: workflowId, reason }}
              className="-mx-2 block rounded-md px-2 py-2 transition-colors duration-150 hover:bg-surface-2"
            >
              <span className="flex items-baseline gap-2">
                <span className="min-w-0 grow truncate text-base font-medium">{nameOf(workflowId)}</span>
                <code className="shrink-0 text-text-2">{status}</code>
                <span className="shrink-0 text-sm text-text-2">
                  <Ago at={at} />
                </span>
              </span>
              <span className="block truncate text-sm text-text-2">{detail}</span>
            </Link>
          </li>
        ))}
      </ul>
      {rejections.isSuccess && items.length === 0 && (
        <p className="flex items-center gap-1.5 text-sm text-text-2">
          <CircleCheck className="size-4 text-ok" aria-hidden />
          Nothing was refused.
        </p>
      )}
      <Trouble error={rejections.error} />
    </Panel>
  )
}
