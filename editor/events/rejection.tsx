/** One refused request: what was found, what to change, and letting it in by hand. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight, Check, ChevronRight } from 'lucide-react'
import type { Rejection } from '../../nodes/contract/api.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import type { Provider } from '../../nodes/contract/scheme.ts'
import { providers } from '../../nodes/providers/index.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { HeadersTable } from '../parts/headers-table.tsx'
import { Trouble } from '../parts/states.tsx'
import { visible } from '../parts/visible-text.ts'
import { bytes } from '../parts/words.ts'
import { textLink } from './detail.tsx'
import { isAboutSender, isWhole, reasonOf } from './reasons.ts'

export function RejectionDetails({ rejection }: { readonly rejection: Rejection }) {
  const { reason, detail, headers, ip, bodyBytes, workflowId } = rejection
  const provider = useProvider(workflowId)
  const { change } = reasonOf(reason)
  return (
    <div className="grid gap-x-10 gap-y-5 lg:grid-cols-2">
      <div className="flex flex-col items-start gap-4">
        <Part title="What was found">
          <p>{visible(detail)}</p>
        </Part>
        {change !== undefined && (
          <Part title="What to change">
            <p>{change}</p>
            <Link to="/workflows/$id" params={{ id: workflowId }} className={`${textLink} mt-1 inline-block`}>
              Open the workflow
            </Link>
          </Part>
        )}
        {provider !== undefined && isAboutSender(reason) && provider.setup.length > 0 && (
          <details className="group w-full max-w-prose text-sm">
            <summary className="flex w-fit list-none items-center gap-1 rounded-sm text-text-2 hover:text-text-1">
              <ChevronRight
                className="size-3.5 transition-transform duration-120 group-open:rotate-90"
                aria-hidden
              />
              How {provider.title} is set up
            </summary>
            <ol className="mt-2 list-decimal space-y-1 pl-5 text-text-2">
              {provider.setup.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
          </details>
        )}
        <Accept rejection={rejection} />
      </div>
      <div className="min-w-0">
        <p className="flex h-6 items-baseline gap-2 text-xs text-text-3">
          From <code className="text-text-2">{ip}</code> · {bytes(bodyBytes)} · {headers.length} headers
        </p>
        <div className="rounded-lg border px-4 py-1.5">
          <HeadersTable headers={headers} />
        </div>
      </div>
    </div>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: React.ReactNode }) => (
  <section className="max-w-prose text-sm">
    <h2 className="text-xs font-medium text-text-3">{title}</h2>
    {children}
  </section>
)

/** The sender that the workflow's draft expects. */
function useProvider(workflowId: string): Provider | undefined {
  const { data } = useQuery({
    queryKey: ['workflow', workflowId],
    queryFn: () => client.workflow(workflowId),
  })
  const webhook = data?.draft.nodes.find(({ type }) => type === 'webhook')
  const verification = webhook?.data.config['verification']
  const scheme = isJsonObject(verification) ? verification['scheme'] : undefined
  return typeof scheme === 'string' ? providers.get(scheme) : undefined
}

function Accept({ rejection: { id, status, acceptedAs } }: { readonly rejection: Rejection }) {
  const queries = useQueryClient()
  const accept = useMutation({
    mutationFn: () => client.acceptRejection(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['rejections'] }),
  })
  const eventId = acceptedAs ?? accept.data?.id
  if (eventId !== undefined)
    return (
      <p role="status" className="flex items-center gap-1.5 text-sm text-ok">
        <Check className="size-4" aria-hidden />
        Accepted by hand.
        <Link
          to="/events/$id"
          params={{ id: eventId }}
          className={`${textLink} inline-flex items-center gap-1`}
        >
          Open the event <ArrowRight className="size-3.5" aria-hidden />
        </Link>
      </p>
    )
  if (!isWhole(status))
    return (
      <p className="text-sm text-text-2">
        It was refused before its last byte, so it cannot be accepted by hand. Have it sent again.
      </p>
    )
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Button busy={accept.isPending} onClick={() => accept.mutate()}>
        Accept by hand
      </Button>
      <p className="text-xs text-text-3">It runs as if it had come now and been let in, unverified.</p>
      <Trouble error={accept.error} />
    </div>
  )
}
