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
import {
  Conflict,
  type NewRun,
  type Rejection,
  type RejectionsKept,
  type Run,
  type Storage,
  type StoredEvent,
} from '../storage/storage.ts'
import type { Backlog } from './backlog.ts'
import type { Over } from './door-limits.ts'
import type { Admission } from './door.ts'
import { keyOfValue } from './dedupe.ts'
import type { Floods } from './floods.ts'
import type { FreshEvents } from './fresh-events.ts'
import type { Hook } from './hook.ts'
import type { InboundRequest } from './request.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { eventView } from './view.ts'

/** What is kept of each workflow's rejections: a day of a sender that is set up wrongly, and no flood. */
export const rejectionsKept: RejectionsKept = { count: 1_000, bytes: 16 * 1_024 * 1_024 }
/** Of each body. */
export const rejectionBodyBytesMax = 64 * 1_024

export interface AcceptOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly sandbox: Sandbox
  readonly clock: Clock
  readonly fresh: FreshEvents
  readonly floods: Floods
  readonly backlog: Backlog
  /** Makes of a text what tells nothing about it to whoever has not the server's key. */
  readonly fingerprint: (text: string) => string
  /** Told that a run was held though its workflow has been enabled meanwhile. */
  readonly onHeld: (hook: Hook) => void
}

/** What became of a request. `runId` null: nothing runs (duplicate, paused). */
export type Refused = Extract<Accepting, { kind: 'refused' }>
export type Accepting =
  | { readonly kind: 'accepted'; readonly eventId: EventId; readonly runId: RunId | null }
  | { readonly kind: 'duplicate'; readonly of: StoredEvent }
  | { readonly kind: 'handshake'; readonly answer: Extract<Admission, { kind: 'handshake' }>['answer'] }
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly reason: string
      readonly detail: string
      readonly retryAfterSeconds?: number
    }

type EventAdmission = Extract<Admission, { kind: 'event' }>
type Stored = Extract<Accepting, { kind: 'accepted' | 'duplicate' }>

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
    const stored = await this.#store(hook, request, admission, { beforeRun })
    this.#tell(hook, stored, admission, began)
    return stored
  }

  #tell(hook: Hook, stored: Stored, { type }: EventAdmission, began: number): void {
    signal('event.accepted', {
      workflowId: hook.workflow.id,
      eventId: stored.kind === 'duplicate' ? stored.of.id : stored.eventId,
      runId: stored.kind === 'duplicate' ? null : stored.runId,
      type,
      duplicate: stored.kind === 'duplicate',
      durationMs: this.#options.clock.monotonic() - began,
    })
  }

  /**
   * Lets in a request that was refused, as if it had come then: judged again by the door as it is now, so that it is
   * verified where its cause is mended, and a duplicate where its sender repeated it and was let in meanwhile. One that
   * still does not verify is let in unverified, since a person vouches for it. Accepted twice, it is one event.
   * Throws `Conflict` when there is no event in it.
   */
  async readmit(hook: Hook, rejection: Rejection, request: InboundRequest): Promise<EventId> {
    if (hook.door === undefined) throw new Conflict(closed[hook.kind].detail)
    const judged = await hook.door.admit(request, rejection.at)
    const admission = judged.kind === 'event' ? judged : await hook.door.vouch(request)
    if (admission.kind === 'refused') throw new Conflict(admission.refusal.detail)
    if (admission.kind === 'handshake') {
      throw new Conflict(
        'This is the sender’s question whether the hook is ours, and no event. Let the sender ask again.',
      )
    }
    const began = this.#options.clock.monotonic()
    // What was masked in its record stays so: only its judge saw what stood there.
    const stored = await this.#store(hook, rejection, admission, { rejection })
    this.#tell(hook, stored, admission, began)
    return stored.kind === 'duplicate' ? stored.of.id : stored.eventId
  }

  /** Keeps what the workflow answered, so that a duplicate gets the same. Never rejects: the caller is answered anyway. */
  async keepAnswer(id: EventId, answer: CallerAnswer): Promise<void> {
    try {
      await this.#options.storage.events.keepAnswer(id, JSON.stringify(answer))
    } catch (error) {
      signal('engine.trouble', { where: 'answer', message: describeUnknown(error) })
    }
  }

  /** The newest run of an event in production, for a duplicate that waits for what the first caller waits for. */
  async runOf(id: EventId): Promise<Run | undefined> {
    const runs = await this.#options.storage.runs.list({ eventId: id, kind: 'production' }, { limit: 1 })
    return runs.items[0]
  }

  event(id: EventId): Promise<StoredEvent | undefined> {
    return this.#options.storage.events.get(id)
  }

  /** Keeps a request that is not let in, for the workflow's owner. */
  async refuse(
    { workflow, kind, mask }: Hook,
    request: InboundRequest,
    { status, reason, detail }: { readonly status: number; readonly reason: string; readonly detail: string },
  ): Promise<Refused> {
    await this.#keep({ workflow, kind, mask }, request, { status, reason, detail })
    return { kind: 'refused', status, reason, detail }
  }

  /** Turns a request away that is one too many: the first of a while is kept, for all that follow it. */
  async turnAway(hook: Hook, request: InboundRequest, over: Over): Promise<Refused> {
    const refused = { ...over, reason: 'limited' }
    await this.#options.floods.add(hook.workflow.id, () => this.#keep(hook, request, refused))
    return { kind: 'refused', ...refused }
  }

  async #keep(
    { workflow, kind, mask }: Pick<Hook, 'workflow' | 'kind' | 'mask'>,
    request: InboundRequest,
    { status, reason, detail }: { readonly status: number; readonly reason: string; readonly detail: string },
  ): Promise<RejectionId> {
    const { storage, clock, fingerprint } = this.#options
    const { method, path, rawHeaders, ip, body } = request
    const id: RejectionId = clock.newId('rej')
    await storage.rejections.add(
      {
        id,
        workflowId: workflow.id,
        kind,
        at: clock.now(),
        status,
        reason,
        detail,
        method,
        path: mask.path(path),
        rawHeaders: mask.headers(rawHeaders),
        fingerprints: mask.fingerprints(request, fingerprint),
        ip,
        bodyBytes: body.length,
        acceptedAs: null,
        times: 1,
      },
      body.subarray(0, rejectionBodyBytesMax),
      rejectionsKept,
    )
    signal('event.rejected', { workflowId: workflow.id, rejectionId: id, status, reason })
    return id
  }

  async #store(
    hook: Hook,
    request: Pick<InboundRequest, 'method' | 'path' | 'rawHeaders' | 'ip'>,
    admission: EventAdmission,
    {
      beforeRun,
      rejection,
    }: {
      readonly beforeRun?: ((runId: RunId) => void) | undefined
      /** What it was until somebody accepted it by hand. */
      readonly rejection?: Rejection
    },
  ): Promise<Stored> {
    const { storage, queue, clock, fresh } = this.#options
    const { workflow, mask, kind } = hook
    const at = clock.now()
    const eventId = clock.newId('evt')
    const event = {
      id: eventId,
      workflowId: workflow.id,
      kind,
      receivedAt: rejection?.at ?? at,
      method: request.method,
      path: mask.path(request.path),
      rawHeaders: mask.headers(request.rawHeaders),
      ip: request.ip,
      type: admission.type,
      verified: admission.verified,
      answer: null,
      acceptedFrom: rejection?.id ?? null,
      isRetry: admission.isRetry,
    }
    const { dedupe } = admission
    const ownKey =
      kind === 'test' || dedupe.kind === 'none'
        ? null
        : dedupe.kind === 'key'
          ? dedupe.key
          : await this.#evaluateKey(dedupe.expression, event, admission)
    // A delivery that nobody names is still one rejection, however often it is accepted.
    const dedupeKey = ownKey ?? rejection?.id ?? null
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
    if (kind === 'production') this.#options.backlog.add(workflow.id)
    if (held) {
      this.#options.onHeld(hook)
      return { kind: 'accepted', eventId, runId: null }
    }
    fresh.keep({ event, message: admission.message, json: admission.json, body: admission.body })
    enqueue(queue, workflow.id, [runId])
    return { kind: 'accepted', eventId, runId }
  }

  async #evaluateKey(
    expression: string,
    event: Omit<StoredEvent, 'dedupeKey' | 'bodyBytes' | 'duplicates'>,
    { message, json, body }: EventAdmission,
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
