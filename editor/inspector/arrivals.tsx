/** Whether anything has come yet, and the way to send a first event oneself. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { CircleCheck, Radio, Send } from 'lucide-react'
import type { Event, SampleSent } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { Button } from '../parts/button.tsx'
import { Trouble } from '../parts/states.tsx'
import { bytes } from '../parts/words.ts'
import { useDocument, useEditing } from '../workflows/editing.tsx'
import { saved } from '../workflows/head.ts'
import { Part } from './part.tsx'
import { useChooseSample, useRecentEvents } from './sample-choice.ts'

export function Arrivals({ workflowId }: { readonly workflowId: string }) {
  const editing = useEditing()
  const queries = useQueryClient()
  const isPublished = useDocument(({ head }) => head.version !== null)
  const events = useRecentEvents()
  const sample = useMutation({
    mutationFn: async () => {
      // Before the first publishing it goes to the draft, which is the saved one.
      if (!isPublished) await saved(editing)
      return client.sendSample(workflowId)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['events'] }),
  })
  const newest = events.data?.items[0]
  return (
    <Part title="Events">
      <div role="status">{newest === undefined ? <Waiting /> : <Came event={newest} />}</div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button
          icon={<Send className="size-3.5" aria-hidden />}
          busy={sample.isPending}
          onClick={() => sample.mutate()}
        >
          Send me a test event
        </Button>
        <span className="min-w-0 text-sm text-text-2" role="status">
          {sample.data && <Answered sent={sample.data} isPublished={isPublished} />}
        </span>
      </div>
      <Trouble error={sample.error ?? events.error} />
    </Part>
  )
}

const Waiting = () => (
  <p className="flex items-center gap-2 rounded-md bg-wait-soft px-3 py-2 text-sm text-wait">
    <Radio className="size-4 shrink-0 animate-pulse" aria-hidden />
    Waiting for the first event…
  </p>
)

function Came({ event }: { readonly event: Event }) {
  const choose = useChooseSample()
  return (
    <div className="flex items-center gap-2 rounded-md bg-ok-soft px-3 py-1.5 text-sm text-ok">
      <CircleCheck className="size-4 shrink-0" aria-hidden />
      <p className="min-w-0 grow truncate">
        <span className="font-medium">{event.type ?? event.method}</span> came <Ago at={event.receivedAt} />
        <span className="text-text-2"> · {bytes(event.bodyBytes)}</span>
        {event.kind === 'test' && <span className="text-text-2"> · test</span>}
      </p>
      <Button size="sm" look="quiet" onClick={() => choose({ kind: 'event', event })}>
        Use as the sample
      </Button>
    </div>
  )
}

interface AnsweredProps {
  readonly sent: SampleSent
  readonly isPublished: boolean
}

function Answered({ sent: { status, eventId }, isPublished }: AnsweredProps) {
  const where = isPublished ? 'The published version' : 'The draft'
  if (status < 300) {
    return eventId === null
      ? `The door answered ${status}.`
      : `The door answered ${status}. ${where} runs it now.`
  }
  return `The door answered ${status} and refused it. See why below.`
}
