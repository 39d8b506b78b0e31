import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { client } from '../api/client.ts'
import { eventName } from './event-name.ts'

const eventsMax = 200

/** What the newest events are called; a run of an older one is told apart by the end of the event's id. */
export function useEventNames(workflowId: string | undefined): ReadonlyMap<string, string> | undefined {
  const { data } = useQuery({
    queryKey: ['events', 'names', { workflowId }],
    queryFn: () => client.events({ workflowId, limit: eventsMax }),
  })
  return useMemo(() => data && new Map(data.items.map((event) => [event.id, eventName(event)])), [data])
}
