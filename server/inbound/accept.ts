/**
 * The door's way from bytes to a stored event. Nobody is answered with a 2xx before the event is durable; whoever is refused
 * gets a problem, and where a workflow was found its owner finds the request among the rejections, with the reason.
 */
import type { CallerAnswer } from '../../nodes/contract/context.ts'
import { describeUnknown } from '../../nodes/contract/failure.ts'
import type { EventId, RunId } from '../../nodes/contract/ids.ts'
import type { Clock } from '../engine/clock.ts'
import { enqueueNew } from '../engine/enqueue.ts'
import { signal } from '../engine/signals.ts'
import type { Queue } from '../queue/queue.ts'
import type { Sandbox } from '../runtime/runtime.ts'
import {
  Conflict,
  type NewRun,
  type Rejection,
  type Run,
  type Storage,
  type StoredEvent,
} from '../storage/storage.ts'
import type { Backlog } from './backlog.ts'
import type { Admission, EventAdmission } from './door.ts'
import { evaluateKey } from './own-key.ts'
import type { FreshEvents } from './fresh-events.ts'
import type { Hook } from './hook.ts'
import type { Refusals, Refused } from './refusals.ts'
import type { Remote } from './remote.ts'
import { type InboundRequest, asJsonHeaders } from './request.ts'
import { eventView } from './view.ts'

export interface AcceptOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly sandbox: Sandbox
  readonly clock: Clock
  readonly fresh: Pick<FreshEvents, 'keep'>
  readonly backlog: Backlog
  readonly refusals: Refusals
  /** Told that a run was held though its workflow has been enabled meanwhile. */
  readonly onHeld: (hook: Hook) => void
  /** Fetches what a handshake asks to visit. */
  readonly remote: Pick<Remote, 'visit'>
  /** Stores the secret that a provider chose, unless there is one of that name. */
  readonly onLearned: (name: string, secret: string) => Promise<void>
}

/** What became of a request. `runId` null: nothing runs (duplicate, paused). */
export type Accepting =
  | {
      readonly kind: 'accepted'
      readonly eventId: EventId
      readonly runId: RunId | null
      /** What the webhook node says of this event; absent = the same as of all. */
      readonly answer?: CallerAnswer | undefined
    }
  | { readonly kind: 'duplicate'; readonly of: StoredEvent }
  /** The events of a list's items, new ones and those that were there. */
  | { readonly kind: 'items'; readonly eventIds: readonly EventId[] }
  | { readonly kind: 'handshake'; readonly answer: Extract<Admission, { kind: 'handshake' }>['answer'] }
  | Refused

type Stored = Extract<Accepting, { kind: 'accepted' | 'duplicate' }>

/** What a stored event takes of a request. */
type Told = Pick<InboundRequest, 'method' | 'path' | 'rawHeaders' | 'ip'>

interface Storing {
  readonly beforeRun?: ((runId: RunId) => void) | undefined
  /** What it was until somebody accepted it by hand. */
  readonly rejection?: Rejection
  /** Which item of a list it is. */
  readonly item?: number
}

const idOf = (stored: Stored): EventId => (stored.kind === 'duplicate' ? stored.of.id : stored.eventId)

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
    const { refusals } = this.#options
    if (hook.door === undefined) return refusals.refuse(hook, request, closed[hook.kind])
    const admission = await hook.door.admit(request, clock.now())
    if (admission.kind === 'handshake') return this.#shake(hook, request, admission)
    if (admission.kind === 'refused') return refusals.refuse(hook, request, admission.refusal)
    if (admission.items === undefined) return this.#take(hook, request, admission, { began, beforeRun })
    const stored = await this.#takeItems(hook, request, admission.items, began)
    return { kind: 'items', eventIds: stored.map(idOf) }
  }

  #takeItems(
    hook: Hook,
    request: Told,
    items: readonly EventAdmission[],
    began: number,
    rejection?: Rejection,
  ): Promise<readonly Stored[]> {
    // Asked for in one turn, they share a commit; whoever is answered is answered when all are durable.
    const { method, path, ip } = request
    const told = { method, path, ip, rawHeaders: asJsonHeaders(request.rawHeaders) }
    return Promise.all(
      items.map((each, item) =>
        this.#take(hook, told, each, { began, item, ...(rejection && { rejection }) }),
      ),
    )
  }

  async #take(
    hook: Hook,
    request: Told,
    admission: EventAdmission,
    { began, ...storing }: Storing & { readonly began: number },
  ): Promise<Stored> {
    const stored = await this.#store(hook, request, admission, storing)
    const isDuplicate = stored.kind === 'duplicate'
    signal('event.accepted', {
      workflowId: hook.workflow.id,
      eventId: idOf(stored),
      runId: isDuplicate ? null : stored.runId,
      type: admission.type,
      duplicate: isDuplicate,
      durationMs: this.#options.clock.monotonic() - began,
    })
    return stored
  }

  /**
   * Lets in a request that was refused, as if it had come then: judged again by the door as it is now, so that it is
   * verified where its cause is mended, and a duplicate where its sender repeated it and was let in meanwhile. One that
   * still does not verify is let in unverified, since a person vouches for it. Accepted twice, it is one event.
   * Of a list whose items are events, the first one's id is returned.
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
    if (admission.items === undefined) {
      return idOf(await this.#take(hook, rejection, admission, { began, rejection }))
    }
    const [first] = await this.#takeItems(hook, rejection, admission.items, began, rejection)
    if (first === undefined) throw new Conflict('The list in this request is empty: there is no event in it.')
    return idOf(first)
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

  /** What a handshake brings about comes before its answer: who hears "yes" goes on at once. */
  async #shake(
    hook: Hook,
    request: InboundRequest,
    admission: Extract<Admission, { kind: 'handshake' }>,
  ): Promise<Extract<Accepting, { kind: 'handshake' | 'refused' }>> {
    const { refusals, remote } = this.#options
    const { visit, learned, shown, status } = admission.answer
    const refusal = visit && (await remote.visit(visit.url, visit.places))
    if (refusal !== undefined) return refusals.refuse(hook, request, refusal)
    if (learned !== undefined && hook.secretToLearn !== undefined) {
      await this.#options.onLearned(hook.secretToLearn, learned)
    }
    if (shown !== undefined) {
      await refusals.refuse(hook, request, { status, reason: 'handshake-shown', detail: shown })
    }
    return admission
  }

  async #store(
    hook: Hook,
    request: Told,
    admission: EventAdmission,
    { beforeRun, rejection, item }: Storing,
  ): Promise<Stored> {
    const { storage, queue, clock, fresh, sandbox } = this.#options
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
    const { dedupe, message, json, body, files } = admission
    const scope = () => ({
      workflowId: workflow.id,
      message: json,
      event: JSON.stringify(eventView(event, admission)),
    })
    const ownKey =
      kind === 'test' || dedupe.kind === 'none'
        ? null
        : dedupe.kind === 'key'
          ? dedupe.key
          : await evaluateKey(sandbox, dedupe.expression, scope())
    const answer =
      hook.ownAnswer === undefined || item !== undefined ? undefined : await hook.ownAnswer(scope())
    // A delivery that nobody names is still one rejection, however often it is accepted.
    const acceptedOnce = rejection && (item === undefined ? rejection.id : `${rejection.id}#${item}`)
    const dedupeKey = ownKey ?? acceptedOnce ?? null
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
      {
        ...event,
        answer: answer === undefined ? null : JSON.stringify(answer),
        dedupeKey,
        dedupeWindowMs: hook.dedupeWindowMs,
        body,
      },
      run,
    )
    if (stored.kind === 'duplicate') return stored
    if (kind === 'production') this.#options.backlog.add(workflow.id)
    if (held) {
      this.#options.onHeld(hook)
      return { kind: 'accepted', eventId, runId: null, answer }
    }
    fresh.keep({ run, event, message, json, body, files })
    enqueueNew(queue, run)
    return { kind: 'accepted', eventId, runId, answer }
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
