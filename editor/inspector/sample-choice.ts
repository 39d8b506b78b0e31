/** Which sample an open workflow is looked at with, kept for this browser's session. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Event } from '../../nodes/contract/api.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { isJsonObject, type Json } from '../../nodes/contract/json.ts'
import { ways } from '../../nodes/providers/generic.ts'
import { visible } from '../parts/visible-text.ts'
import { client } from '../api/client.ts'
import { faultAt } from './json-fault.ts'
import type { Sample } from '../state/sample.ts'
import { useDocument, useEditing, useGraph, useSample } from '../workflows/editing.tsx'

const eventsShown = 20

/** The latest events of the open workflow, production and test. */
export function useRecentEvents() {
  const workflowId = useDocument(({ head }) => head.id)
  const filter = { workflowId, limit: eventsShown }
  return useQuery({ queryKey: ['events', filter], queryFn: () => client.events(filter) })
}

export const webhookOf = (graph: Graph) => graph.nodes.find(({ type }) => type === 'webhook')

/** The scheme that the webhook node's settings name. */
export function schemeOf(graph: Graph): string {
  const verification = webhookOf(graph)?.data.config['verification']
  const scheme = isJsonObject(verification) ? verification['scheme'] : undefined
  return typeof scheme === 'string' ? scheme : 'none'
}

/** The sender's own examples; those of a sender with a file come with all files, when they are wanted. */
export function useProviderSamples(scheme: string, wanted = true): readonly Sample[] {
  const { data } = useQuery({
    queryKey: ['provider samples', scheme],
    queryFn: () => loadSamples(scheme),
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    networkMode: 'always',
  })
  return data ?? noSamples
}
const noSamples: readonly Sample[] = []

/** As samples that stay the same objects. */
async function loadSamples(scheme: string): Promise<readonly Sample[]> {
  const way = ways.find(({ id }) => id === scheme)
  const provider = way ?? (await import('../../nodes/providers/index.ts')).providers.get(scheme)
  // A way of proving, "None" among them, sends nothing.
  const from = way === undefined ? (provider?.title ?? scheme) : 'Example'
  const samples = (provider?.samples ?? []).map(({ title, body }) => ({
    kind: 'message' as const,
    title: `${from} · ${title}`,
    message: body,
  }))
  samplesByScheme.set(scheme, samples)
  return samples
}
const samplesByScheme = new Map<string, readonly Sample[]>()

const isProvided = (sample: Sample): boolean =>
  [...samplesByScheme.values()].some((samples) => samples.includes(sample))

/** The person's choice: it holds until they choose again. */
export function useChooseSample(): (sample: Sample) => void {
  const { sample } = useEditing()
  const id = useDocument(({ head }) => head.id)
  return (chosen) => {
    keep(id, chosen)
    sample.getState().choose(chosen)
  }
}

/**
 * Sees to it that there is a sample: the one that was chosen, else the newest event, else the provider's first sample,
 * which gives way to the first event that comes.
 */
export function useSampleInUse(): Sample | undefined {
  const { sample } = useEditing()
  const id = useDocument(({ head }) => head.id)
  const scheme = schemeOf(useGraph())
  const { data } = useRecentEvents()
  const events = data?.items
  const [provided] = useProviderSamples(scheme, events?.length === 0)
  const current = useSample((state) => state.sample)
  useEffect(() => {
    const chosen = kept(id)
    if (current !== undefined && (!isProvided(current) || chosen !== undefined)) return
    const next = chosen ?? (events && defaultSample(events, provided))
    if (next !== undefined && next !== current) sample.getState().choose(next)
  }, [id, provided, events, current, sample])
  return current
}

function defaultSample(events: readonly Event[], provided: Sample | undefined): Sample | undefined {
  const event = events.find(({ kind }) => kind === 'production') ?? events[0]
  return event === undefined ? provided : { kind: 'event', event }
}

const keyOf = (workflowId: string) => `hookloom.sample.${workflowId}`
const keptLengthMax = 1_000_000

/** A sample that is too large for the browser's storage is there as long as the page. */
function keep(workflowId: string, sample: Sample): void {
  const text = JSON.stringify(sample)
  if (text.length > keptLengthMax) sessionStorage.removeItem(keyOf(workflowId))
  else sessionStorage.setItem(keyOf(workflowId), text)
}

function kept(workflowId: string): Sample | undefined {
  const text = sessionStorage.getItem(keyOf(workflowId))
  return text === null ? undefined : (JSON.parse(text) as Sample)
}

export type OwnJson =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly message: string }

/** What somebody wrote, or what is wrong with it and where. */
export function readJson(text: string): OwnJson {
  if (text.trim() === '') return { ok: false, message: 'Write or paste JSON here.' }
  try {
    return { ok: true, value: JSON.parse(text) as Json }
  } catch {
    const at = faultAt(text)
    const line = text.slice(0, at).split('\n').length
    const found = visible(text.slice(at).split(/\s/, 1)[0]?.slice(0, foundShown) ?? '')
    return {
      ok: false,
      message:
        found === ''
          ? 'This is not JSON yet: it ends too early.'
          : `This is not JSON yet: it breaks in line ${line}, at ${found}`,
    }
  }
}

const foundShown = 20
