/**
 * What each pure node makes of the sample, live as somebody types. One request for the whole graph serves every card and
 * every panel of an open workflow; what is outdated is aborted, and the last result stays until the next is there.
 */
import { type QueryClient, QueryObserver, replaceEqualDeep, useQueryClient } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import type * as api from '../../nodes/contract/api.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { client } from '../api/client.ts'
import { graphOf } from '../state/document.ts'
import type { Sample } from '../state/sample.ts'
import { type Editing, useEditing } from '../workflows/editing.tsx'

export type PreviewStep = api.Preview['steps'][number]

export interface PreviewState {
  /** By node id; empty without a sample. A step that did not change is the same object as before. */
  readonly steps: ReadonlyMap<string, PreviewStep>
  /** The steps are those of an earlier graph or sample: the next are under way. */
  readonly isBehind: boolean
  /** Why there is no newer result. */
  readonly error: unknown
}

/** What each pure node makes of the sample, by node id; empty without a sample. */
export const usePreview = (): ReadonlyMap<string, PreviewStep> => usePart(stepsOf)

/** With how fresh it is. */
export const usePreviewState = (): PreviewState => usePart(whole)

const stepsOf = ({ steps }: PreviewState) => steps
const whole = (state: PreviewState) => state

function usePart<T>(part: (state: PreviewState) => T): T {
  const editing = useEditing()
  const queries = useQueryClient()
  const shared = useMemo(() => previewOf(editing, queries), [editing, queries])
  return useSyncExternalStore(shared.subscribe, () => part(shared.state()))
}

interface SharedPreview {
  state(): PreviewState
  subscribe(this: void, listener: () => void): () => void
}

const byDocument = new WeakMap<Editing['document'], SharedPreview>()

function previewOf(editing: Editing, queries: QueryClient): SharedPreview {
  const known = byDocument.get(editing.document)
  if (known !== undefined) return known
  const made = startPreview(editing, queries)
  byDocument.set(editing.document, made)
  return made
}

/** After the last key: a word is one request. */
const pauseMs = 250
const nothing: PreviewState = { steps: new Map(), isBehind: false, error: null }

/** Asks while somebody listens. */
function startPreview({ document, sample }: Editing, queries: QueryClient): SharedPreview {
  let state = nothing
  let last: readonly PreviewStep[] = []
  const listeners = new Set<() => void>()
  const set = (next: PreviewState) => {
    state = next
    for (const listener of listeners) listener()
  }

  const start = () => {
    const now = () => ({ graph: graphOf(document.getState()), sample: sample.getState().sample })
    let asked = now()
    let timer: ReturnType<typeof setTimeout> | undefined
    const observer = new QueryObserver<api.Preview>(queries, question(asked))
    const ask = () => {
      timer = undefined
      asked = now()
      observer.setOptions(question(asked))
    }
    const stale = () => {
      const next = now()
      if (next.sample === asked.sample && isSameWork(next.graph, asked.graph)) return
      if (next.sample === undefined) last = []
      set({ ...(next.sample === undefined ? nothing : state), isBehind: next.sample !== undefined })
      clearTimeout(timer)
      // Another sample was chosen, not typed.
      timer = setTimeout(ask, next.sample === asked.sample ? pauseMs : 0)
    }
    const stops = [
      document.subscribe(stale),
      sample.subscribe(stale),
      observer.subscribe(({ data, error, isFetching }) => {
        if (asked.sample === undefined) return
        // Shares with the last result what is equal in it.
        if (data !== undefined) last = replaceEqualDeep(last, data.steps)
        const steps = data === undefined ? state.steps : new Map(last.map((step) => [step.nodeId, step]))
        set({ steps, isBehind: isFetching || timer !== undefined, error })
      }),
    ]
    if (asked.sample !== undefined) set({ ...state, isBehind: true })
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }

  let stop: (() => void) | undefined
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      stop ??= start()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = undefined
      }
    },
  }
}

function question({ graph, sample }: { readonly graph: Graph; readonly sample: Sample | undefined }) {
  const on = sample && (sample.kind === 'event' ? { eventId: sample.event.id } : { message: sample.message })
  return {
    queryKey: ['preview', numberOf(graph), sample === undefined ? 0 : numberOf(sample)],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => client.preview({ graph, ...on }, signal),
    enabled: sample !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    // Results can be large, and nobody comes back to a graph of a minute ago.
    gcTime: 10_000,
    structuralSharing: false,
  }
}

let numbers = 0
const numberByObject = new WeakMap<object, number>()

/** The identity of an object, for a key: graphs and samples are never changed in place. */
function numberOf(object: object): number {
  const known = numberByObject.get(object)
  if (known !== undefined) return known
  numbers += 1
  numberByObject.set(object, numbers)
  return numbers
}

/** Where a node stands, what it is called and what is noted changes no data. */
function isSameWork(a: Graph, b: Graph): boolean {
  if (a === b) return true
  if (a.edges !== b.edges || a.nodes.length !== b.nodes.length) return false
  return a.nodes.every((node, at) => {
    const other = b.nodes[at]
    return node === other || (node.id === other?.id && node.data.config === other.data.config)
  })
}
