/** Letting a refused request in by hand, and what became of it. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ArrowRight, Check } from 'lucide-react'
import type { Rejection } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { textLink } from '../events/detail.tsx'
import { isWhole } from '../events/reasons.ts'
import { Button } from '../parts/button.tsx'
import { Trouble } from '../parts/states.tsx'

interface AcceptProps {
  readonly rejection: Rejection
  /** Whether its cause is mended, so that it is verified now. */
  readonly passes: boolean
}

export function Accept({ rejection: { id, status, acceptedAs }, passes }: AcceptProps) {
  const queries = useQueryClient()
  const accept = useMutation({
    mutationFn: () => client.acceptRejection(id),
    onSuccess: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey }) => /^(events|rejections)$/.test(String(queryKey[0])),
      }),
  })
  const eventId = acceptedAs ?? accept.data?.id
  if (eventId !== undefined)
    return (
      <p role="status" className="flex flex-wrap items-center gap-1.5 text-sm text-ok">
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
      <Button
        size="sm"
        look={passes ? 'primary' : 'plain'}
        busy={accept.isPending}
        onClick={() => accept.mutate()}
      >
        Accept by hand
      </Button>
      <p className="text-xs text-text-3">
        {passes
          ? 'It runs as if it had come then and been let in.'
          : 'It runs as if it had come then and been let in, unverified: you vouch for it.'}
      </p>
      <Trouble error={accept.error} />
    </div>
  )
}
