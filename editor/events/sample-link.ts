/** A link to a workflow may bring an event along, to be used as the sample there. It is not part of the address. */
import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { client } from '../api/client.ts'
import { useChooseSample } from '../inspector/sample-choice.ts'

declare module '@tanstack/history' {
  interface HistoryState {
    sampleEventId?: string
  }
}

/** Chooses the event that the link brought, once for each time that the link was followed. */
export function useSampleFromLink(): void {
  const choose = useEffectEvent(useChooseSample())
  const queries = useQueryClient()
  const eventId = useLocation({ select: ({ state }) => state.sampleEventId })
  useEffect(() => {
    let isWanted = true
    if (eventId !== undefined) {
      const read = queries.fetchQuery({ queryKey: ['event', eventId], queryFn: () => client.event(eventId) })
      read.then(
        (event) => isWanted && choose({ kind: 'event', event }),
        // An event that is gone meanwhile leaves the sample as it was.
        () => undefined,
      )
    }
    return () => {
      isWanted = false
    }
  }, [eventId, queries])
}
