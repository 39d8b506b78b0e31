/** Requests that were not let in lately: what the doctor says, the change, and the way to take one in by hand. */
import { useQuery } from '@tanstack/react-query'
import { ChevronRight, CircleCheck, ShieldX } from 'lucide-react'
import { useState } from 'react'
import type { Rejection } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { RejectionDoctor } from '../doctor/rejection-doctor.tsx'
import { mended } from '../doctor/remedy.ts'
import { reasonOf } from '../events/reasons.ts'
import { Ago } from '../parts/ago.tsx'
import { classes } from '../parts/classes.ts'
import { Trouble } from '../parts/states.tsx'
import { publishAsked, useEditing } from '../workflows/editing.tsx'
import { saved } from '../workflows/head.ts'
import { Part } from './part.tsx'

const shown = 5

export function Refusals({ workflowId }: { readonly workflowId: string }) {
  const filter = { workflowId, limit: shown }
  const { data, error } = useQuery({
    queryKey: ['rejections', filter],
    queryFn: () => client.rejections(filter),
  })
  // The newest is what somebody who sets a sender up looks for.
  const [chosen, choose] = useState<string | null>()
  if (error !== null)
    return (
      <Part title="Refused requests">
        <Trouble error={error} />
      </Part>
    )
  const [newest] = data?.items ?? []
  if (data === undefined || newest === undefined) return null
  const open = chosen === undefined ? newest.id : chosen
  return (
    <Part title="Refused requests">
      <ul className="flex flex-col divide-y">
        {data.items.map((rejection) => (
          <Refusal
            key={rejection.id}
            rejection={rejection}
            isOpen={rejection.id === open}
            onToggle={() => choose(rejection.id === open ? null : rejection.id)}
          />
        ))}
      </ul>
    </Part>
  )
}

interface RefusalProps {
  readonly rejection: Rejection
  readonly isOpen: boolean
  readonly onToggle: () => void
}

function Refusal({ rejection, isOpen, onToggle }: RefusalProps) {
  const editing = useEditing()
  const { id, reason, status, at, acceptedAs } = rejection
  const Icon = acceptedAs === null ? ShieldX : CircleCheck
  return (
    <li className="flex flex-col gap-2 py-1.5 text-sm first:pt-0 last:pb-0">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={`refusal-${id}`}
        onClick={onToggle}
        className="flex min-h-7 items-center gap-2 rounded-sm text-left"
      >
        <Icon
          className={classes('size-4 shrink-0', acceptedAs === null ? 'text-fail' : 'text-ok')}
          aria-hidden
        />
        <span className="min-w-0 grow font-medium break-words">{reasonOf(reason)}</span>
        <span className="shrink-0 text-xs text-text-3">
          {status} · <Ago at={at} />
        </span>
        <ChevronRight
          aria-hidden
          className={classes(
            'size-3.5 shrink-0 text-text-3 transition-transform duration-120',
            isOpen && 'rotate-90',
          )}
        />
      </button>
      {isOpen && (
        <div id={`refusal-${id}`} className="flex flex-col gap-2 pb-1">
          <RejectionDoctor
            rejection={rejection}
            onSetting={async (remedy) => {
              editing.document.getState().change((graph) => mended(graph, remedy))
              // The doctor looks at the draft as it is saved.
              await saved(editing)
            }}
            onPublish={() => dispatchEvent(new Event(publishAsked))}
          />
        </div>
      )}
    </li>
  )
}
