/** What a person does about what happened: replay, resume, cancel, let in what was refused. */
import type { EventId, RejectionId, RunId } from '../../nodes/contract/ids.ts'
import type { Json } from '../../nodes/contract/json.ts'
import type { Clock } from '../engine/clock.ts'
import type { Hand } from '../engine/hand.ts'
import { signal } from '../engine/signals.ts'
import { rejectionBodyBytesMax } from '../inbound/accept.ts'
import type { Queue } from '../queue/queue.ts'
import {
  Conflict,
  NotFound,
  type NewRun,
  type Run,
  type RunFilter,
  type Storage,
  type StoredEvent,
} from '../storage/storage.ts'

export interface OperatingOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly clock: Clock
  readonly load: (run: Run) => Promise<Hand | undefined>
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
    const { storage } = this.#options
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
    if (body === undefined) return this.#start(event, run)
    const text = JSON.stringify(body)
    return this.#accept({ ...event, rawHeaders: jsonHeaders(event), verified: false }, Buffer.from(text), run)
  }

  /** Lets a refused request in, as if it had come now. Throws `Conflict` when that was done, or its body is not whole. */
  async acceptRejection(id: RejectionId): Promise<StoredEvent> {
    const { storage } = this.#options
    const rejection = await storage.rejections.get(id)
    const body = await storage.rejections.body(id)
    if (rejection === undefined || body === undefined) throw new NotFound('There is no such rejection.')
    if (rejection.acceptedAs !== null)
      throw new Conflict(`This request was accepted already, as ${rejection.acceptedAs}.`)
    if (body.length < rejection.bodyBytes || rejection.status === 413) {
      throw new Conflict(
        `Only the first ${rejectionBodyBytesMax} bytes of this body were kept. Have it sent again.`,
      )
    }
    const workflow = await storage.workflows.get(rejection.workflowId)
    if (workflow?.version === null || workflow === undefined)
      throw new Conflict('Publish the workflow first.')
    const { method, path, rawHeaders, ip, workflowId } = rejection
    const told = { workflowId, method, path, rawHeaders, ip, type: null, verified: false } as const
    const run = await this.#accept(told, body, { kind: 'production', version: workflow.version })
    await storage.rejections.markAccepted(id, run.eventId)
    const event = await storage.events.get(run.eventId)
    if (event === undefined) throw new NotFound('The event is gone.')
    return event
  }

  async resume(id: RunId): Promise<Run> {
    const { storage, queue, clock } = this.#options
    const run = await storage.runs.resume(id, clock.now())
    await queue.add([{ key: id, lane: run.workflowId }])
    this.#tell(run)
    return run
  }

  /** `undefined` when it had ended. */
  async cancel(id: RunId): Promise<Run | undefined> {
    const { storage, clock, breakOff } = this.#options
    const run = await storage.runs.cancel(id, clock.now())
    if (run === undefined) return undefined
    if (run.state === 'cancelled') this.#tell(run)
    else breakOff(id)
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

  async #start(
    { id: eventId, workflowId }: Pick<StoredEvent, 'id' | 'workflowId'>,
    run: Pick<NewRun, 'kind' | 'version' | 'graph'>,
  ): Promise<Run> {
    const { storage, queue, clock } = this.#options
    const id = clock.newId('run')
    await storage.runs.create({ id, eventId, workflowId, createdAt: clock.now(), state: 'accepted', ...run })
    await queue.add([{ key: id, lane: workflowId }])
    return this.#run(id)
  }

  async #accept(
    event: Pick<StoredEvent, 'workflowId' | 'method' | 'path' | 'rawHeaders' | 'ip' | 'type' | 'verified'>,
    body: Uint8Array,
    run: Pick<NewRun, 'kind' | 'version' | 'graph'>,
  ): Promise<Run> {
    const { storage, queue, clock } = this.#options
    const { workflowId, method, path, rawHeaders, ip, type, verified } = event
    const at = clock.now()
    const eventId = clock.newId('evt')
    const id = clock.newId('run')
    const told = {
      method,
      path,
      rawHeaders,
      ip,
      type,
      verified,
      dedupeKey: null,
      answer: null,
      dedupeWindowMs: 0,
    }
    await storage.events.accept(
      { id: eventId, workflowId, kind: run.kind, receivedAt: at, ...told, body },
      { id, eventId, workflowId, createdAt: at, state: 'accepted', ...run },
    )
    await queue.add([{ key: id, lane: workflowId }])
    return this.#run(id)
  }

  async #run(id: RunId): Promise<Run> {
    const run = await this.#options.storage.runs.get(id)
    if (run === undefined) throw new NotFound('The run is gone.')
    return run
  }
}

/** The headers of an event whose body became JSON. */
const jsonHeaders = ({ rawHeaders }: StoredEvent): readonly string[] => [
  ...rawHeaders.flatMap((name, at) =>
    at % 2 === 1 || /^content-(type|length|encoding)$/i.test(name) ? [] : [name, rawHeaders[at + 1] ?? ''],
  ),
  'content-type',
  'application/json',
]
