import diagnostics from 'node:diagnostics_channel'
import type { EventId, RejectionId, RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { RunState } from '../storage/storage.ts'

/** What happened, for whoever listens: logs, metrics, live pages. The engine knows none of them. */
export interface Signals {
  /** The server takes nothing new from now on: what is kept open by itself ends, at the latest after `graceMs`. */
  'server.stopping': { readonly graceMs: number }
  /** A renewed certificate is in use. */
  'server.certified': Readonly<Record<string, never>>
  /** A workflow was made, changed, published or deleted. */
  'workflow.changed': { readonly workflowId: WorkflowId }
  /** A secret was stored, replaced or deleted. */
  'secret.changed': { readonly name: string }
  'event.accepted': {
    readonly workflowId: WorkflowId
    readonly eventId: EventId
    readonly runId: RunId | null
    readonly type: string | null
    readonly duplicate: boolean
    readonly durationMs: number
  }
  'event.rejected': {
    readonly workflowId: WorkflowId | null
    readonly rejectionId: RejectionId | null
    readonly status: number
    readonly reason: string
  }
  'run.changed': {
    readonly workflowId: WorkflowId
    readonly runId: RunId
    readonly eventId: EventId
    readonly kind: 'production' | 'test'
    readonly state: RunState
    readonly code: string | null
    readonly durationMs: number | null
  }
  'step.recorded': {
    readonly workflowId: WorkflowId
    readonly runId: RunId
    readonly stepId: string
    readonly nodeType: string
    readonly state: 'succeeded' | 'failed' | 'waiting'
    readonly port: string | null
    readonly code: string | null
    readonly durationMs: number
  }
  'attempt.made': {
    readonly workflowId: WorkflowId
    readonly runId: RunId
    readonly stepId: string
    readonly target: string
    readonly status: number | null
    readonly code: string | null
    readonly durationMs: number
  }
  /** What was kept long enough was removed. */
  'store.swept': { readonly events: number; readonly rejections: number }
  /** Something went wrong that concerns no single run. */
  'engine.trouble': { readonly where: string; readonly message: string }
}

export type SignalName = keyof Signals

/** Held here, because to find one by its name costs more than to find that nobody listens. */
const channels = new Map<string, diagnostics.Channel>()

function channelOf(name: string): diagnostics.Channel {
  const known = channels.get(name)
  if (known !== undefined) return known
  const channel = diagnostics.channel(`hookloom.${name}`)
  channels.set(name, channel)
  return channel
}

export function signal<N extends SignalName>(name: N, content: Signals[N]): void {
  publish(channelOf(name), content)
}

/** Tells what happened in another process. Those who count and write down what happens here do not hear it. */
export function signalElsewhere<N extends SignalName>(name: N, content: Signals[N]): void {
  publish(channelOf(`elsewhere.${name}`), content)
}

/** Calls back at each signal of that name in this process; the answer stops it. */
export function onSignal<N extends SignalName>(name: N, listener: (content: Signals[N]) => void): () => void {
  return listen(channelOf(name), (content) => listener(content as Signals[N]))
}

/** Calls back at each signal of that name in any process of this server; the answer stops it. */
export function onSignalAnywhere<N extends SignalName>(
  name: N,
  listener: (content: Signals[N]) => void,
): () => void {
  const here = onSignal(name, listener)
  const elsewhere = onSignalElsewhere(name, listener)
  return () => {
    here()
    elsewhere()
  }
}

export function onSignalElsewhere<N extends SignalName>(
  name: N,
  listener: (content: Signals[N]) => void,
): () => void {
  return listen(channelOf(`elsewhere.${name}`), (content) => listener(content as Signals[N]))
}

function publish(channel: diagnostics.Channel, content: unknown): void {
  if (channel.hasSubscribers) channel.publish(content)
}

function listen(channel: diagnostics.Channel, receive: (content: unknown) => void): () => void {
  channel.subscribe(receive)
  return () => {
    channel.unsubscribe(receive)
  }
}
