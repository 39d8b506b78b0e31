/** What a person does about what happened: replay, resume, cancel, let in what was refused. */
import type { EventId, RejectionId, RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Json } from '../../nodes/contract/json.ts'
import type { Clock } from '../engine/clock.ts'
import type { Hand } from '../engine/hand.ts'
import { enqueue } from '../engine/enqueue.ts'
import { signal } from '../engine/signals.ts'
import type { Accept } from '../inbound/accept.ts'
import { rejectionBodyBytesMax } from '../inbound/refusals.ts'
import { asJsonHeaders } from '../inbound/request.ts'
import type { Queue } from '../queue/queue.ts'
import {
  Conflict,
  type NewRun,
  NotFound,
  type Run,
  type RunFilter,
  type Storage,
  type StoredEvent,
} from '../storage/storage.ts'
import type { Published } from './published.ts'
import type { Rejected } from './rejected.ts'

export interface OperatingOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly clock: Clock
  readonly load: (run: Run) => Promise<Hand | undefined>
  readonly published: Published
  readonly rejected: Rejected
  readonly accept: Pick<Accept, 'readmit'>
  /** Told that a run was held: its workflow may have been enabled meanwhile. */
  readonly onHeld: (id: WorkflowId) => Promise<void>
  /** Breaks a run off that is in this process's hands. */
  readonly breakOff: (id: RunId) => void
}

/** Runs that a bulk action looks at in one go. */
const pageSize = 200

export class Operating {
  readonly #options: OperatingOptions

  constructor(options: OperatingOptions) {
    this.#options = options
  }

  load(run: Run): Promise<Hand | undefined> {
    return this.#options.load(run)
  }

  /** Runs an event again. Another body makes an event of its own: what was received stays as it was. */
  async replay(
    id: EventId,
    {
      version,
      draft,
      body,
    }: { readonly version?: number | undefined; readonly draft: boolean; readonly body?: Json | undefined },
  ): Promise<Run> {
    const { storage, clock } = this.#options
    const event = await storage.events.get(id)
    if (event === undefined) throw new NotFound('There is no such event.')
    const workflow = await storage.workflows.get(event.workflowId)
    if (workflow === undefined) throw new NotFound('The workflow of this event is gone.')
    const number = draft ? null : (version ?? workflow.version)
    if (!draft && number === null)
      throw new Conflict('This workflow is not published. Publish it, or replay with the draft.')
    if (number !== null && (await storage.workflows.version(workflow.id, number)) === undefined) {
      throw new NotFound(`This workflow has no version ${number}.`)
    }
    const run = draft
      ? ({ kind: 'test', version: null, graph: workflow.draft } as const)
      : ({ kind: 'production', version: number } as const)
    if (body === undefined) {
      const runId = clock.newId('run')
      const about = { id: runId, eventId: id, workflowId: workflow.id, createdAt: clock.now() }
      await storage.runs.create({ ...about, ...run, state: 'accepted' })
      return this.#begin(runId)
    }
    return this.#runEdited(event, Buffer.from(JSON.stringify(body)), run)
  }

  /**
   * Lets a refused request in, as if it had come then; see `Accept.readmit`. Throws `Conflict` when that was done, its body is
   * not whole, or there is no event in it.
   */
  async acceptRejection(id: RejectionId): Promise<StoredEvent> {
    const { published, rejected, accept } = this.#options
    const refused = await rejected.open(id)
    const { rejection, workflow, isWhole } = refused
    if (rejection.acceptedAs !== null)
      throw new Conflict(`This request was accepted already, as ${rejection.acceptedAs}.`)
    if (!isWhole) {
      throw new Conflict(
        `The body of this request is not whole (${rejection.reason}; at most ${rejectionBodyBytesMax} bytes are kept). Have it sent again.`,
      )
    }
    const isTest = rejection.kind === 'test'
    if (!isTest && workflow.version === null) throw new Conflict('Publish the workflow first.')
    const hook = isTest ? await published.draftHook(workflow.token) : await published.hookOf(workflow)
    if (hook === undefined) throw new NotFound('The workflow of this rejection is gone.')
    const verification = hook.settings?.verification
    const secrets = await rejected.secretsOf(verification)
    const { request } = rejected.requestOf(refused, secrets, verification?.username)
    const eventId = await accept.readmit(hook, rejection, request)
    await this.#markAccepted(id, eventId)
    return this.#event(eventId)
  }

  /** Goes on at the step that failed. Throws `Conflict` unless the run has failed or was cancelled. */
  async resume(id: RunId): Promise<Run> {
    const { storage, queue, clock } = this.#options
    const found = await storage.runs.get(id)
    if (found === undefined) throw new NotFound('There is no such run.')
    if (found.state !== 'failed' && found.state !== 'cancelled') {
      throw new Conflict(`This run is ${found.state}. Only one that failed or was cancelled can be resumed.`)
    }
    const run = await storage.runs.resume(id, clock.now())
    this.#tell(run)
    enqueue(queue, run.workflowId, [id])
    return run
  }

  /** Ends a run; one in a worker's hands ends as soon as it is broken off. `undefined` when it had ended. */
  async cancel(id: RunId): Promise<Run | undefined> {
    const { storage, clock, breakOff } = this.#options
    if ((await storage.runs.get(id)) === undefined) throw new NotFound('There is no such run.')
    const run = await storage.runs.cancel(id, clock.now())
    if (run === undefined) return undefined
    if (run.state === 'cancelled') this.#tell(run)
    // One that nobody has claimed may be in hand all the same.
    breakOff(id)
    return run
  }

  /** Applies `change` to each run of the filter; the number of those for which it says true. */
  async forEach(filter: RunFilter, change: (run: Run) => Promise<boolean>): Promise<number> {
    let changed = 0
    let after: string | undefined
    for (;;) {
      const page = await this.#options.storage.runs.list(filter, { limit: pageSize, ...(after && { after }) })
      for (const run of page.items) if (await change(run)) changed += 1
      if (page.next === null) return changed
      after = page.next
    }
  }

  #tell({ workflowId, id: runId, eventId, kind, state }: Run): void {
    signal('run.changed', { workflowId, runId, eventId, kind, state, code: null, durationMs: null })
  }

  /** An event of its own with its run, told like any other that is accepted. */
  async #runEdited(
    { workflowId, method, path, ip, type, ...event }: StoredEvent,
    body: Uint8Array,
    run: Pick<NewRun, 'kind' | 'version' | 'graph'>,
  ): Promise<Run> {
    const { storage, clock } = this.#options
    const began = clock.monotonic()
    const at = clock.now()
    const [eventId, runId] = [clock.newId('evt'), clock.newId('run')]
    const told = { id: eventId, workflowId, kind: run.kind, receivedAt: at, method, path, ip, type, body }
    const own = {
      verified: false,
      dedupeKey: null,
      dedupeWindowMs: 0,
      answer: null,
      acceptedFrom: null,
      isRetry: false,
    }
    await storage.events.accept(
      { ...told, ...own, rawHeaders: asJsonHeaders(event.rawHeaders) },
      { ...run, id: runId, eventId, workflowId, createdAt: at, state: 'accepted' },
    )
    if (run.kind === 'production') {
      const durationMs = clock.monotonic() - began
      signal('event.accepted', { workflowId, eventId, runId, type, duplicate: false, durationMs })
    }
    return this.#begin(runId)
  }

  /** A run that was just made: told, and put into the queue unless it is held. */
  async #begin(id: RunId): Promise<Run> {
    const { storage, queue } = this.#options
    const run = await storage.runs.get(id)
    if (run === undefined) throw new NotFound('The run is gone.')
    this.#tell(run)
    if (run.state === 'held') await this.#options.onHeld(run.workflowId)
    else enqueue(queue, run.workflowId, [id])
    return run
  }

  /** Whoever else accepts it at the same time marks it with the same event: who comes second has nothing to do. */
  async #markAccepted(id: RejectionId, as: EventId): Promise<void> {
    const { rejections } = this.#options.storage
    try {
      await rejections.markAccepted(id, as)
    } catch (error) {
      if (!(error instanceof Conflict && (await rejections.get(id))?.acceptedAs === as)) throw error
    }
  }

  async #event(id: EventId): Promise<StoredEvent> {
    const event = await this.#options.storage.events.get(id)
    if (event === undefined) throw new NotFound('The event is gone.')
    return event
  }
}
