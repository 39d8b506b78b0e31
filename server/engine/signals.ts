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
  /** Something went wrong that concerns no single run. */
  'engine.trouble': { readonly where: string; readonly message: string }
}

export type SignalName = keyof Signals

/** Held here, because to find one by its name costs more than to find that nobody listens. */
const channels = new Map<SignalName, diagnostics.Channel>()

function channelOf(name: SignalName): diagnostics.Channel {
  const known = channels.get(name)
  if (known !== undefined) return known
  const channel = diagnostics.channel(`hookloom.${name}`)
  channels.set(name, channel)
  return channel
}

export function signal<N extends SignalName>(name: N, content: Signals[N]): void {
  const channel = channelOf(name)
  if (channel.hasSubscribers) channel.publish(content)
}

/** Calls back at each signal of that name; the answer stops it. */
export function onSignal<N extends SignalName>(name: N, listener: (content: Signals[N]) => void): () => void {
  const receive = (content: unknown) => listener(content as Signals[N])
  channelOf(name).subscribe(receive)
  return () => {
    channelOf(name).unsubscribe(receive)
  }
}
