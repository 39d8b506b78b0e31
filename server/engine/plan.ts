import type { StoredStep } from '../storage/storage.ts'
import type { CompiledGraph, CompiledNode } from './compile.ts'

/** What the journal tells of a step, as far as planning goes. */
export type JournalStep = Pick<StoredStep, 'state' | 'port' | 'resumeAt' | 'error'>
export type Journal = ReadonlyMap<string, JournalStep>

export type Plan =
  | { readonly kind: 'ready'; readonly nodes: readonly CompiledNode[] }
  | { readonly kind: 'waiting'; readonly until: number }
  | { readonly kind: 'settled'; readonly as: 'succeeded' | 'filtered' }
  | { readonly kind: 'settled'; readonly as: 'failed'; readonly nodeId: string }

/**
 * Says what comes next from nothing but the graph, the journal and the time.
 *
 * An edge is live when its source left by its port, dead when the source left by another, failed, or never runs; until
 * then it is open. A node is ready when none of its edges is open and one is live; dead when all are dead: so a join does
 * not wait for a branch that was not taken.
 */
export function plan(graph: CompiledGraph, journal: Journal, now: number): Plan {
  const leftBy = new Map<string, string | null>()
  const ready: CompiledNode[] = []
  let until = Number.POSITIVE_INFINITY
  for (const compiled of graph.nodes) {
    const { id } = compiled.node
    const step = journal.get(id)
    if (step === undefined) {
      const fate = fateOf(compiled, leftBy)
      if (fate === 'ready') ready.push(compiled)
      if (fate === 'dead') leftBy.set(id, null)
    } else if (step.state !== 'waiting') {
      leftBy.set(id, step.port)
    } else if ((step.resumeAt ?? 0) > now) {
      until = Math.min(until, step.resumeAt ?? 0)
    } else if (step.port === null) {
      ready.push(compiled)
    } else {
      leftBy.set(id, step.port)
    }
  }
  if (ready.length > 0) return { kind: 'ready', nodes: ready }
  if (Number.isFinite(until)) return { kind: 'waiting', until }
  return settled(graph, journal)
}

function fateOf({ type, incoming }: CompiledNode, leftBy: ReadonlyMap<string, string | null>) {
  if (type.role === 'starts') return 'ready'
  let live = false
  for (const { source, port } of incoming) {
    const left = leftBy.get(source)
    if (left === undefined) return 'open'
    live ||= left === port
  }
  return live ? 'ready' : 'dead'
}

function settled(graph: CompiledGraph, journal: Journal): Plan {
  let acted = false
  let refused = false
  for (const { node, type, connected } of graph.nodes) {
    const step = journal.get(node.id)
    if (step === undefined) continue
    if (step.state === 'failed') return { kind: 'settled', as: 'failed', nodeId: node.id }
    acted ||= type.role === 'acts'
    refused ||= type.role === 'decides' && step.port !== null && !connected.has(step.port)
  }
  return { kind: 'settled', as: refused && !acted ? 'filtered' : 'succeeded' }
}
