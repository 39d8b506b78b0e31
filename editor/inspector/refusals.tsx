/** Requests that were not let in lately: why, what to change, and the way to take one in by hand. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ShieldX } from 'lucide-react'
import type { Rejection } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { reasonOf } from '../events/reasons.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { Trouble } from '../parts/states.tsx'
import { Part } from './part.tsx'

const shown = 5

export function Refusals({ workflowId }: { readonly workflowId: string }) {
  const filter = { workflowId, limit: shown }
  const { data, error } = useQuery({
    queryKey: ['rejections', filter],
    queryFn: () => client.rejections(filter),
  })
  if (error !== null)
    return (
      <Part title="Refused requests">
        <Trouble error={error} />
      </Part>
    )
  if (data === undefined || data.items.length === 0) return null
  return (
    <Part title="Refused requests">
      <ul className="flex flex-col divide-y">
        {data.items.map((rejection) => (
          <Refusal key={rejection.id} rejection={rejection} />
        ))}
      </ul>
    </Part>
  )
}

function Refusal({ rejection }: { readonly rejection: Rejection }) {
  const queries = useQueryClient()
  const accept = useMutation({
    mutationFn: () => client.acceptRejection(rejection.id),
    onSuccess: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey }) => /^(events|rejections)$/.test(String(queryKey[0])),
      }),
  })
  const { title, change } = reasonOf(rejection.reason)
  return (
    <li className="flex gap-2 py-2 first:pt-0 last:pb-0">
      <ShieldX className="mt-0.5 size-4 shrink-0 text-fail" aria-hidden />
      <div className="flex min-w-0 grow flex-col gap-0.5 text-sm">
        <p className="flex items-baseline gap-2">
          <span className="min-w-0 grow font-medium break-words">{title}</span>
          <span className="shrink-0 text-xs text-text-3">
            {rejection.status} · <Ago at={rejection.at} />
          </span>
        </p>
        <p className="break-words text-text-2 first-letter:uppercase">{rejection.detail}</p>
        {change !== undefined && <p className="break-words text-text-2">{change}</p>}
        <div className="pt-1">
          {rejection.acceptedAs === null ? (
            <Button size="sm" busy={accept.isPending} onClick={() => accept.mutate()}>
              Accept by hand
            </Button>
          ) : (
            <span className="text-ok">Accepted by hand</span>
          )}
        </div>
        <Trouble error={accept.error} />
      </div>
    </li>
  )
}
