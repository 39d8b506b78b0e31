/** What one field comes to on the sample, also in nodes that a preview does not run because they send something. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { PreviewGraph } from '../../../nodes/contract/api.ts'
import type { Graph } from '../../../nodes/contract/graph.ts'
import { client } from '../../api/client.ts'
import type { Sample } from '../../state/sample.ts'
import { useGraph, useSample } from '../../workflows/editing.tsx'
import type { PreviewStep } from '../preview.ts'
import { ancestorsOf } from './known.ts'

const pauseMs = 300

/**
 * The graph up to the node, in whose place the expression alone stands.
 */
export function trialGraph(graph: Graph, nodeId: string, expression: string): Graph {
  const earlier = ancestorsOf(graph, nodeId)
  const ids = new Set([nodeId, ...earlier.map(({ id }) => id)])
  const self = graph.nodes.filter(({ id }) => id === nodeId)
  return {
    nodes: [
      ...earlier,
      ...self.map(({ id, position }) => ({
        id,
        type: 'transform',
        position,
        data: { config: { expression } },
      })),
    ],
    edges: graph.edges.filter(
      ({ source, target }) => source !== nodeId && ids.has(source) && ids.has(target),
    ),
  }
}

const on = (sample: Sample): Pick<PreviewGraph, 'eventId' | 'message'> =>
  sample.kind === 'event' ? { eventId: sample.event.id } : { message: sample.message }

/** `undefined` without a sample or an expression, and until the first answer is there. */
export function useTrial(nodeId: string, expression: string | undefined): PreviewStep | undefined {
  const graph = useGraph()
  const sample = useSample(({ sample }) => sample)
  const [settled, setSettled] = useState(expression)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(expression), pauseMs)
    return () => clearTimeout(timer)
  }, [expression])
  const wanted =
    settled === undefined || settled.trim() === '' || sample === undefined
      ? undefined
      : { graph: trialGraph(graph, nodeId, settled), nodeId, ...on(sample) }
  const { data } = useQuery({
    queryKey: ['trial', wanted],
    queryFn: ({ signal }) => (wanted === undefined ? null : client.preview(wanted, signal)),
    enabled: wanted !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  })
  return expression === undefined || wanted === undefined
    ? undefined
    : data?.steps.find(({ nodeId: id }) => id === nodeId)
}
