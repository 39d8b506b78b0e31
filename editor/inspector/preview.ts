import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { Preview } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { useGraph, useSample } from '../workflows/editing.tsx'

export type PreviewStep = Preview['steps'][number]

/** What each pure node makes of the sample, by node id; empty without a sample. */
export const usePreview = (): ReadonlyMap<string, PreviewStep> => {
  const graph = useGraph()
  const sample = useSample(({ sample }) => sample)
  const [settled, setSettled] = useState(graph)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(graph), 250)
    return () => clearTimeout(timer)
  }, [graph])
  const { data } = useQuery({
    queryKey: ['preview', settled, sample],
    queryFn: () =>
      client.preview({
        graph: settled,
        ...(sample?.kind === 'event' ? { eventId: sample.event.id } : { message: sample?.message ?? null }),
      }),
    enabled: sample !== undefined,
    placeholderData: keepPreviousData,
  })
  return useMemo(() => new Map(data?.steps.map((step) => [step.nodeId, step])), [data])
}
