/**
 * The door's way from bytes to a stored event. Nobody is answered with a 2xx before the event is durable; whoever is refused
 * gets a problem, and where a workflow was found its owner finds the request among the rejections, with the reason.
 */
import type { CallerAnswer } from '../../nodes/contract/context.ts'
import { describeUnknown } from '../../nodes/contract/failure.ts'
import type { EventId, RejectionId, RunId } from '../../nodes/contract/ids.ts'
import type { Clock } from '../engine/clock.ts'
import { enqueue } from '../engine/enqueue.ts'
import { limits } from '../engine/limits.ts'
import { signal } from '../engine/signals.ts'
import type { Queue } from '../queue/queue.ts'
import type { Sandbox } from '../runtime/runtime.ts'
import type { NewRun, Storage, StoredEvent } from '../storage/storage.ts'
import type { Admission } from './door.ts'
import { keyOfValue } from './dedupe.ts'
import type { FreshEvents } from './fresh-events.ts'
import type { Hook } from './hook.ts'
import type { InboundRequest } from './request.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { eventView } from './view.ts'

/** Rejections kept per workflow, and bytes of body kept of each. */
export const rejectionsKept = 1_000
export const rejectionBodyBytesMax = 64 * 1_024

export interface AcceptOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly sandbox: Sandbox
  readonly clock: Clock
  readonly fresh: Pick<FreshEvents, 'keep'>
  /** Told that a run was held though its workflow has been enabled meanwhile. */
  readonly onHeld: (hook: Hook) => void
}

/** What became of a request. `runId` null: nothing runs (duplicate, paused). */
export type Accepting =
  | { readonly kind: 'accepted'; readonly eventId: EventId; readonly runId: RunId | null }
  | { readonly kind: 'duplicate'; readonly of: StoredEvent }
  | { readonly kind: 'handshake'; readonly answer: Extract<Admission, { kind: 'handshake' }>['answer'] }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly detail: string }

export class Accept {
  readonly #options: AcceptOptions

  constructor(options: AcceptOptions) {
    this.#options = options
  }

  /**
   * @param beforeRun called with the run's id before it can begin, for callers that wait for its answer
   */
  async accept(hook: Hook, request: InboundRequest, beforeRun?: (runId: RunId) => void): Promise<Accepting> {
    const { clock } = this.#options
    const began = clock.monotonic()
    if (hook.door === undefined) return this.refuse(hook, request, closed[hook.kind])
    const admission = await hook.door.admit(request, clock.now())
    if (admission.kind === 'handshake') return admission
    if (admission.kind === 'refused') return this.refuse(hook, request, admission.refusal)
    const stored = await this.#store(hook, request, admission, beforeRun)
    signal('event.accepted', {
      workflowId: hook.workflow.id,
      eventId: stored.kind === 'duplicate' ? stored.of.id : stored.eventId,
      runId: stored.kind === 'duplicate' ? null : stored.runId,
      type: admission.type,
      duplicate: stored.kind === 'duplicate',
      durationMs: clock.monotonic() - began,
    })
    return stored
  }

  /** Keeps what the workflow answered, so that a duplicate gets the same. Never rejects: the caller is answered anyway. */
  async keepAnswer(id: EventId, answer: CallerAnswer): Promise<void> {
    try {
      await this.#options.storage.events.keepAnswer(id, JSON.stringify(answer))
    } catch (error) {
      signal('engine.trouble', { where: 'answer', message: describeUnknown(error) })
    }
  }

  /** Keeps a request that is not let in, for the workflow's owner. */
  async refuse(
    { workflow, mask }: Hook,
    { method, path, rawHeaders, ip, body }: InboundRequest,
    { status, reason, detail }: { readonly status: number; readonly reason: string; readonly detail: string },
  ): Promise<Extract<Accepting, { kind: 'refused' }>> {
    const { storage, clock } = this.#options
    const id: RejectionId = clock.newId('rej')
    await storage.rejections.add(
      {
        id,
        workflowId: workflow.id,
        at: clock.now(),
        status,
        reason,
        detail,
        method,
        path: mask.path(path),
        rawHeaders: mask.headers(rawHeaders),
        ip,
        bodyBytes: body.length,
        acceptedAs: null,
      },
      body.subarray(0, rejectionBodyBytesMax),
      rejectionsKept,
    )
    signal('event.rejected', { workflowId: workflow.id, rejectionId: id, status, reason })
    return { kind: 'refused', status, reason, detail }
  }

  async #store(
    hook: Hook,
    request: InboundRequest,
    admission: Extract<Admission, { kind: 'event' }>,
    beforeRun: ((runId: RunId) => void) | undefined,
  ): Promise<Extract<Accepting, { kind: 'accepted' | 'duplicate' }>> {
    const { storage, queue, clock, fresh } = this.#options
    const { workflow, mask, kind } = hook
    const at = clock.now()
    const eventId = clock.newId('evt')
    const event = {
      id: eventId,
      workflowId: workflow.id,
      kind,
      receivedAt: at,
      method: request.method,
      path: mask.path(request.path),
      rawHeaders: mask.headers(request.rawHeaders),
      ip: request.ip,
      type: admission.type,
      verified: admission.verified,
      answer: null,
    }
    const { dedupe } = admission
    const dedupeKey =
      kind === 'test' || dedupe.kind === 'none'
        ? null
        : dedupe.kind === 'key'
          ? dedupe.key
          : await this.#evaluateKey(dedupe.expression, event, admission)
    const held = kind === 'production' && !workflow.enabled
    const runId = clock.newId('run')
    const run: NewRun = {
      id: runId,
      eventId,
      workflowId: workflow.id,
      kind,
      version: hook.version,
      createdAt: at,
      state: held ? 'held' : 'accepted',
      ...(hook.draft !== undefined && { graph: hook.draft }),
    }
    beforeRun?.(runId)
    const stored = await storage.events.accept(
      { ...event, dedupeKey, dedupeWindowMs: hook.dedupeWindowMs, body: admission.body },
      run,
    )
    if (stored.kind === 'duplicate') return stored
    if (held) {
      this.#options.onHeld(hook)
      return { kind: 'accepted', eventId, runId: null }
    }
    fresh.keep({ run, event, message: admission.message, json: admission.json, body: admission.body })
    enqueue(queue, workflow.id, [runId])
    return { kind: 'accepted', eventId, runId }
  }

  async #evaluateKey(
    expression: string,
    event: Omit<StoredEvent, 'dedupeKey' | 'bodyBytes' | 'duplicates'>,
    { message, json, body }: Extract<Admission, { kind: 'event' }>,
  ): Promise<string | null> {
    const evaluated = await this.#options.sandbox.evaluate({
      workflowId: event.workflowId,
      kind: 'jsonata',
      source: expression,
      message: json,
      bindings: { event: JSON.stringify(eventView(event, message, body)) },
      limits: {
        timeoutMs: limits.evaluationTimeoutMs,
        memoryMb: limits.evaluationMemoryMb,
        outputBytesMax: limits.outputBytesMax,
        logBytesMax: 0,
      },
    })
    // An expression that fails has found no key: to run a copy is better than to lose the first.
    if (!evaluated.ok) {
      signal('engine.trouble', { where: 'dedupe', message: evaluated.error.message })
      return null
    }
    const key = keyOfValue(JSON.parse(evaluated.value) as Json)
    return key.kind === 'key' ? key.key : null
  }
}

/** Why a hook has no door. */
const closed = {
  production: {
    status: 404,
    reason: 'unpublished',
    detail: 'This workflow has not been published yet. Publish it, then accept this request by hand.',
  },
  test: {
    status: 404,
    reason: 'unfinished',
    detail: 'The draft has no webhook node whose settings can be used. Mend it, then send this again.',
  },
} as const satisfies Readonly<Record<Hook['kind'], unknown>>
