/**
 * The store is the truth: what is not here did not happen. A few small stores, named for the domain.
 * Every method that writes resolves only once the write would survive a power cut. Messages, bodies, graphs and outputs
 * are bytes here, never sub-documents: any JSON comes back equal. Times are milliseconds since 1970.
 * One port on one page, though it is long: an adapter is written beside it.
 * Adapters: `sqlite.ts`, `mongo.ts`. Each promise below is a test in `test/contract/storage.ts`.
 */
import type { Failure } from '../../nodes/contract/failure.ts'
import type { EventId, RejectionId, RunId, WorkerId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { AttemptRecord, LogLine } from '../runtime/runtime.ts'

/** What was asked for is not there. */
export class NotFound extends Error {
  override readonly name = 'NotFound'
}
/** Somebody else was first: another revision, another holder of a run, a name or key that is taken. */
export class Conflict extends Error {
  override readonly name = 'Conflict'
}
/**
 * The store cannot be used now (full disk, lost connection, no answer in time). Nothing that the call would have written is
 * promised, and where an answer was lost it may be there all the same: it may be tried again.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable'
}

export interface Storage {
  readonly workflows: WorkflowStore
  readonly events: EventStore
  readonly rejections: RejectionStore
  readonly runs: RunStore
  readonly secrets: SecretStore
  readonly workers: WorkerStore
  readonly settings: SettingStore
  balance(): Promise<Tally>
  /** About how many bytes all of it takes. */
  size(): Promise<number>
  close(): Promise<void>
}

/** A page of a list, newest first. `after` is the `next` of the page before; a page neither repeats nor skips when rows arrive. */
export interface Page {
  readonly limit: number
  readonly after?: string
}
export interface Paged<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

// ── workflows ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Workflow {
  readonly id: WorkflowId
  /** Names it in files and in git; unique. */
  readonly key: string
  readonly name: string
  readonly enabled: boolean
  /** The secret part of the hook URL; found by its SHA-256, so that an index's timing tells nothing. */
  readonly token: string
  /** Counts changes of the draft, the name and `enabled`; an edit says which one it was based on. */
  readonly revision: number
  /** The draft graph, JSON text. */
  readonly draft: string
  /** The published version that runs; null = never published. */
  readonly version: number | null
  readonly createdAt: number
  readonly updatedAt: number
}

export interface Version {
  readonly workflowId: WorkflowId
  readonly number: number
  readonly graph: string
  readonly note: string
  readonly createdAt: number
}

export interface WorkflowStore {
  /** Throws `Conflict` when the key is taken. */
  create(workflow: Workflow): Promise<void>
  get(id: WorkflowId): Promise<Workflow | undefined>
  byKey(key: string): Promise<Workflow | undefined>
  byToken(token: string): Promise<Workflow | undefined>
  list(page: Page): Promise<Paged<Workflow>>
  /** Applies the change if the stored revision is `revision`, else throws `Conflict`; `NotFound` when it is gone. */
  update(
    id: WorkflowId,
    revision: number,
    change: Partial<Pick<Workflow, 'key' | 'name' | 'enabled' | 'token' | 'draft' | 'updatedAt'>>,
  ): Promise<Workflow>
  /** Its versions, events, runs and rejections go with it. */
  delete(id: WorkflowId): Promise<void>
  /** Stores the next version and makes it the one that runs. A published version never changes. */
  publish(id: WorkflowId, version: Pick<Version, 'graph' | 'note' | 'createdAt'>): Promise<Version>
  version(id: WorkflowId, number: number): Promise<Version | undefined>
  versions(id: WorkflowId, page: Page): Promise<Paged<Version>>
}

// ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** One accepted inbound request. */
export interface StoredEvent {
  readonly id: EventId
  readonly workflowId: WorkflowId
  readonly kind: 'production' | 'test'
  readonly receivedAt: number
  readonly method: string
  /** With its query, as it was received, behind the token: `/rest?x=1`, or ''. */
  readonly path: string
  /** As received: name, value, name, value, … */
  readonly rawHeaders: readonly string[]
  readonly ip: string
  /** The provider's event name. */
  readonly type: string | null
  readonly verified: boolean
  readonly dedupeKey: string | null
  readonly bodyBytes: number
  /** How often the same delivery came again. */
  readonly duplicates: number
  /** What the first caller was answered, for its duplicates; null = the default. */
  readonly answer: string | null
  /** The rejection that somebody accepted by hand, which need not be kept any more; null = let in by the door. */
  readonly acceptedFrom: RejectionId | null
  /** The sender said that it sends this again: its first copy was not let in, or never came. */
  readonly isRetry: boolean
}

export interface NewEvent extends Omit<StoredEvent, 'duplicates' | 'bodyBytes'> {
  readonly body: Uint8Array
  /** How long its dedupe key is held. */
  readonly dedupeWindowMs: number
}

export interface EventFilter {
  readonly workflowId?: WorkflowId
  readonly kind?: 'production' | 'test'
  readonly type?: string
}

export type Accepted = { readonly kind: 'new' } | { readonly kind: 'duplicate'; readonly of: StoredEvent }

/** What has been kept long enough. */
export interface Old {
  /** Received before this moment; and what a run or a dedupe key of it still needed then has ended before it. */
  readonly before: number
  /** Looks at so many events at most. */
  readonly limit: number
  /** The `next` of the slice before. */
  readonly after?: EventId
}

export interface Forgotten {
  readonly events: number
  /** Where the next slice begins; null: no event after these is old. */
  readonly next: EventId | null
}

export interface EventStore {
  /**
   * Stores the event and its run (if any) in one go, unless an event of the same workflow holds the same dedupe key
   * within its window: then nothing is stored, that event's `duplicates` grows, and it is returned, only once it is
   * durable itself. Two at the same instant make one event. Events that arrive while a commit is under way share the next.
   * Throws `NotFound` when the workflow is gone.
   */
  accept(event: NewEvent, run: NewRun | undefined): Promise<Accepted>
  /** Keeps what the workflow itself answered the caller, for the event's duplicates; the first answer counts. */
  keepAnswer(id: EventId, answer: string): Promise<void>
  get(id: EventId): Promise<StoredEvent | undefined>
  /** The raw bytes. */
  body(id: EventId): Promise<Uint8Array | undefined>
  list(filter: EventFilter, page: Page): Promise<Paged<StoredEvent>>
  /**
   * Removes old events, the oldest first, each with its runs and all that they learnt; never one with a run that has not
   * ended, or without a run. The books balance before and after.
   */
  forget(old: Old): Promise<Forgotten>
}

// ── rejections ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** One refused inbound request of a known workflow. Headers that carry secrets are masked before they come here. */
export interface Rejection {
  readonly id: RejectionId
  readonly workflowId: WorkflowId
  /** `test`: it was sent to the draft. */
  readonly kind: 'production' | 'test'
  readonly at: number
  readonly status: number
  /** The code of the problem: `not-verified`, `too-large`, `unpublished`, … */
  readonly reason: string
  readonly detail: string
  readonly method: string
  readonly path: string
  readonly rawHeaders: readonly string[]
  /** Keyed fingerprints of what is masked in path and headers, by place (`header:authorization`). */
  readonly fingerprints: { readonly [place: string]: string }
  readonly ip: string
  /** Of the whole body, of which `body` may hold only the start. */
  readonly bodyBytes: number
  /** The event that it became when somebody accepted it by hand. */
  readonly acceptedAs: EventId | null
  /** How many requests it stands for: of a flood that a limit keeps out, the first one of a while is kept. */
  readonly times: number
}

/** What is kept of a workflow's rejections: the newest that fit both. */
export interface RejectionsKept {
  readonly count: number
  /** Of bodies, headers and paths together. */
  readonly bytes: number
}

export interface RejectionFilter {
  readonly workflowId?: WorkflowId
  readonly reason?: string
  readonly status?: number
  readonly ip?: string
  /** Whether somebody accepted it by hand. */
  readonly isAccepted?: boolean
}

export interface RejectionStore {
  /**
   * Stores it, and keeps no more of the workflow's than `keep` allows: the oldest go, and the new one stays whatever its
   * size. Throws `NotFound` when the workflow is gone.
   */
  add(rejection: Rejection, body: Uint8Array, keep: RejectionsKept): Promise<void>
  /** It stands for so many requests more, which are counted like any other. One that is gone is counted all the same. */
  repeat(id: RejectionId, workflowId: WorkflowId, times: number): Promise<void>
  get(id: RejectionId): Promise<Rejection | undefined>
  body(id: RejectionId): Promise<Uint8Array | undefined>
  list(filter: RejectionFilter, page: Page): Promise<Paged<Rejection>>
  /** Removes those that are older than a moment, at most `limit` of them; how many it were. Their number stays. */
  forget(before: number, limit: number): Promise<number>
  /** Throws `Conflict` when it was accepted already. */
  markAccepted(id: RejectionId, as: EventId): Promise<void>
}

// ── runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
//
//             ┌───────────── held ◄─(workflow paused)
//             ▼ (enabled)
//  accepted ─► queued ─► running ⇄ waiting        running, waiting, queued, accepted, held ─► cancelled
//                 ▲          └─► succeeded | filtered | failed
//                 └──────────(resume)──────────────────────┘

export type RunState =
  'accepted' | 'queued' | 'running' | 'waiting' | 'held' | 'succeeded' | 'filtered' | 'failed' | 'cancelled'

export interface Run {
  readonly id: RunId
  readonly eventId: EventId
  readonly workflowId: WorkflowId
  /** `test` runs are runs of a draft; they are not in the balance. */
  readonly kind: 'production' | 'test'
  /** The published version that it runs; null for a draft, whose graph the run carries itself. */
  readonly version: number | null
  readonly state: RunState
  readonly error: (Failure & { readonly nodeId?: string }) | null
  readonly createdAt: number
  /** Null until somebody worked on it. */
  readonly startedAt: number | null
  readonly endedAt: number | null
  /** When a waiting run goes on. */
  readonly dueAt: number | null
  readonly owner: WorkerId | null
  /** Grows with every claim; a write with an older one is refused. */
  readonly fence: number
  /** How often it was taken from a dead worker since it last recorded something. */
  readonly interruptions: number
  readonly cancelRequested: boolean
}

export interface NewRun extends Pick<
  Run,
  'id' | 'eventId' | 'workflowId' | 'kind' | 'version' | 'createdAt'
> {
  readonly state: 'accepted' | 'held'
  /** The graph of a draft's run, JSON text. */
  readonly graph?: string
}

/** A step stands in the line before its target, which takes no more now than it does. */
export interface InLine {
  /** Scheme, host and port. */
  readonly target: string
  /** The limits that it waits for, in words. */
  readonly limits: string
  readonly since: number
  /** How often it was told to come later. */
  readonly looks: number
}

/** A step as it stands in the journal. */
export interface StoredStep {
  /** `nodeId`, or `nodeId#path` inside a split. */
  readonly id: string
  readonly nodeId: string
  /** `waiting`: for another attempt, for its turn at a target (`inLine`), or (with a port) to leave by it. */
  readonly state: 'succeeded' | 'failed' | 'waiting'
  readonly port: string | null
  /** JSON text; `same` = its input, which is not stored twice; null = none. */
  readonly output: { readonly kind: 'value'; readonly json: string } | { readonly kind: 'same' } | null
  readonly error: Failure | null
  readonly logs: readonly LogLine[]
  readonly startedAt: number
  readonly endedAt: number
  readonly resumeAt: number | null
  readonly inLine?: InLine
  readonly attempts: readonly StoredAttempt[]
}

export interface StoredAttempt extends AttemptRecord {
  /** 1, 2, 3, … within the step. */
  readonly n: number
}

/** What a worker learnt: written together, or not at all. */
export interface Progress {
  /** Each replaces the step of the same id; its attempts are added to those that are there. */
  readonly steps: readonly StoredStep[]
  /** Absent = it goes on running. Leaving `running` gives the run up (owner null). */
  readonly change?:
    | { readonly state: 'waiting'; readonly dueAt: number }
    | { readonly state: 'succeeded' | 'filtered' | 'cancelled'; readonly at: number }
    | { readonly state: 'failed'; readonly at: number; readonly error: NonNullable<Run['error']> }
}

export interface RunFilter {
  readonly workflowId?: WorkflowId
  readonly eventId?: EventId
  readonly state?: RunState
  readonly kind?: 'production' | 'test'
}

export interface RunStore {
  /** Another run of an event (a replay). Throws `NotFound` when there is no such event, `Conflict` when the id is taken. */
  create(run: NewRun): Promise<void>
  get(id: RunId): Promise<Run | undefined>
  /** The graph that a draft's run carries. */
  graph(id: RunId): Promise<string | undefined>
  /** In the order in which they were first recorded; attempts in the order in which they were added. */
  steps(id: RunId): Promise<readonly StoredStep[]>
  list(filter: RunFilter, page: Page): Promise<Paged<Run>>
  /**
   * Gives the run to a worker: `running`, `fence` one higher, `startedAt` if it was null; `interruptions` one higher when
   * it was taken from another worker. `undefined` when it is held, has ended, or belongs to another worker that lives:
   * one that claims or beats is alive until it is removed from the workers, and dead from then on.
   */
  claim(id: RunId, worker: WorkerId, at: number): Promise<Run | undefined>
  /**
   * Claims the run and records in one: for who worked on it before it was claimed, which harms nobody as long as nothing
   * was sent. Its fence; `undefined`, and nothing written, where `claim` would give none, and where it was claimed before:
   * what was learnt of it then is not known to who begins.
   */
  begin(id: RunId, worker: WorkerId, at: number, progress: Progress): Promise<number | undefined>
  /**
   * Throws `Conflict` when the run's fence is no longer `fence`, it was given up, or it is gone: then nothing is written.
   * A recorded step sets `interruptions` to 0.
   */
  record(id: RunId, fence: number, progress: Progress): Promise<void>
  /** Gives a run in hand back as it is (a stopping worker): `queued`, no owner, no interruption counted. Late = ignored. */
  release(id: RunId, fence: number): Promise<void>
  /**
   * A run that nobody holds becomes `cancelled` at once; a running one is marked and its worker does it.
   * `undefined` when it had ended; `NotFound` when it is gone.
   */
  cancel(id: RunId, at: number): Promise<Run | undefined>
  /** A failed or cancelled run becomes `queued` and loses its failed steps (their attempts stay as history). Else `Conflict`; `NotFound` when it is gone. */
  resume(id: RunId, at: number): Promise<Run>
  /** Held runs of a workflow become `queued`, oldest first, at most `limit` of them; their ids in order. */
  releaseHeld(workflowId: WorkflowId, limit: number): Promise<readonly RunId[]>
  /** Production runs of a workflow that have not ended, held ones among them; counted up to `atMost`. */
  pending(workflowId: WorkflowId, atMost: number): Promise<number>
  /**
   * Runs that ought to be in the queue, by id: accepted, queued, running, or waiting; `dueAt` null = now.
   * `after` the last id of the page before.
   */
  unfinished(page: {
    readonly after?: RunId
    readonly limit: number
  }): Promise<readonly Pick<Run, 'id' | 'workflowId' | 'state' | 'owner' | 'dueAt'>[]>
}

// ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface SecretStore {
  /** Encrypted before it comes here. */
  put(name: string, sealed: Uint8Array, at: number): Promise<void>
  get(name: string): Promise<Uint8Array | undefined>
  list(): Promise<readonly { readonly name: string; readonly updatedAt: number }[]>
  delete(name: string): Promise<boolean>
}

/** Workers show that they live by a counter that grows. Who watches it judges by its own clock, never by another's. */
export interface WorkerStore {
  beat(id: WorkerId): Promise<void>
  list(): Promise<readonly { readonly id: WorkerId; readonly beat: number }[]>
  remove(id: WorkerId): Promise<void>
}

export interface SettingStore {
  get(name: string): Promise<string | undefined>
  put(name: string, value: string): Promise<void>
}

/**
 * Counted from events: `accepted`, `duplicates`. Counted from runs, each production event placed by its newest
 * production run: the rest; an event without a run is pending. `rejected` counts requests of known workflows.
 */
export interface Tally {
  readonly accepted: number
  readonly succeeded: number
  readonly filtered: number
  readonly failed: number
  readonly cancelled: number
  readonly held: number
  readonly pending: number
  readonly duplicates: number
  readonly rejected: number
}
