/**
 * The collections. Messages, graphs, steps and bodies are bytes; what is queried has a field of its own. `_id`s of events,
 * runs and rejections grow with time, so that each list is an index read from its end. All in one file, which is long for that:
 * a row, its shape and its indexes are changed together.
 */
import { type Connection, type IndexDefinition, type IndexOptions, Schema } from 'mongoose'
import type { EventId, RejectionId, RunId, WorkerId, WorkflowId } from '../../nodes/contract/ids.ts'
import type { Rejection, RunState, StoredEvent } from './storage.ts'

export interface WorkflowRow {
  readonly _id: WorkflowId
  readonly key: string
  /** SHA-256 of the token, so that an index's timing tells nothing. */
  readonly tokenHash: string
  readonly token: string
  readonly name: string
  readonly enabled: boolean
  readonly revision: number
  readonly draft: Buffer
  /** 0 = never published. */
  readonly version: number
  /** The number that was given to a version last. */
  readonly numbered: number
  readonly createdAt: number
  readonly updatedAt: number
}

export interface VersionRow {
  readonly _id: string
  readonly workflowId: WorkflowId
  readonly number: number
  readonly note: string
  readonly createdAt: number
  readonly graph: Buffer
}

/** A run that an event is to get, kept in the event: see `mongo-seeds.ts`. */
export interface Seed {
  readonly _id: RunId
  readonly kind: 'production' | 'test'
  readonly version: number | null
  readonly createdAt: number
  readonly state: 'accepted' | 'held'
  readonly graph: Buffer | null
}

export interface EventRow extends Omit<
  StoredEvent,
  'id' | 'rawHeaders' | 'duplicates' | 'acceptedFrom' | 'isRetry'
> {
  readonly _id: EventId
  /** JSON text. */
  readonly headers: string
  /** Unique: what holds the dedupe key of its workflow, or its own id. */
  readonly claim: string
  readonly dedupeUntil: number | null
  /** Null = in chunks. */
  readonly body: Buffer | null
  readonly chunks: number
  /** What is true of few: absent = none, or not so. */
  readonly duplicates?: number
  readonly acceptedFrom?: RejectionId
  readonly isRetry?: true
  /** A run of it is to be made that is no first one, or it never got one. */
  readonly open?: true
  readonly seed?: Seed
  /** It is being removed, with its runs: it counts no more, and no run of it is made. */
  readonly leaving?: true
}

/** Events that are about to be stored, whose runs are made afterwards: see `mongo-seeds.ts`. */
export interface SowingRow {
  readonly _id: string
  readonly eventIds: readonly EventId[]
}

export interface Entry {
  /** Absent = in chunks. */
  readonly bytes?: Buffer
  readonly chunked?: string
  readonly chunks?: number
}

export type Standing = 'newest' | 'older' | 'test'

export interface RunRow {
  readonly _id: RunId
  readonly eventId: EventId
  readonly workflowId: WorkflowId
  /** Production runs: the newest of its event, or not. */
  readonly standing: Standing
  readonly state: RunState
  readonly version: number | null
  readonly createdAt: number
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly dueAt: number | null
  readonly owner: WorkerId | null
  readonly fence: number
  readonly interruptions: number
  readonly cancelRequested: boolean
  /** Of the bulk write that changed it last: see `mongo-run-changes.ts`. */
  readonly mark?: number
  /** JSON text of `Run['error']`. */
  readonly error: Buffer | null
  readonly graph: Buffer | null
  /** What workers learnt, in order: in the run itself, so that it is written together with where the run goes. */
  readonly journal: readonly Entry[]
}

export interface RejectionRow {
  readonly _id: RejectionId
  readonly workflowId: WorkflowId
  readonly kind: Rejection['kind']
  readonly at: number
  readonly status: number
  readonly reason: string
  readonly detail: string
  readonly method: string
  readonly path: string
  readonly headers: string
  readonly ip: string
  readonly bodyBytes: number
  readonly acceptedAs: EventId | null
  readonly times: number
  /** JSON text. */
  readonly fingerprints: string
  readonly body: Buffer
  /** What it takes of what is kept. */
  readonly bytes: number
}

/** Of a workflow: how many requests were refused, and what of them is kept. */
export interface RejectedRow {
  readonly _id: WorkflowId
  readonly count: number
  readonly kept: number
  readonly keptBytes: number
}

const text = { type: String, required: true } as const
const number = { type: Number, required: true } as const
const truth = { type: Boolean, required: true } as const
const bytes = { type: Buffer, required: true } as const
const maybe = <T>(type: T) => ({ type, default: null }) as const
const ofOne = { _id: false, strict: 'throw' } as const

const seed = new Schema(
  { _id: text, kind: text, version: maybe(Number), createdAt: number, state: text, graph: maybe(Buffer) },
  ofOne,
)
const entry = new Schema({ bytes: Buffer, chunked: String, chunks: Number }, ofOne)

const shapes = {
  workflows: {
    _id: text,
    key: text,
    tokenHash: text,
    token: text,
    name: text,
    enabled: truth,
    revision: number,
    draft: bytes,
    version: number,
    numbered: number,
    createdAt: number,
    updatedAt: number,
  },
  versions: { _id: text, workflowId: text, number, note: String, createdAt: number, graph: bytes },
  /** Workflows that are deleted, but whose rows may not all be gone. */
  departed: { _id: text, at: number },
  events: {
    _id: text,
    workflowId: text,
    kind: text,
    receivedAt: number,
    method: text,
    path: String,
    headers: text,
    ip: String,
    type: maybe(String),
    verified: truth,
    dedupeKey: maybe(String),
    claim: text,
    dedupeUntil: maybe(Number),
    bodyBytes: number,
    body: maybe(Buffer),
    chunks: number,
    duplicates: Number,
    acceptedFrom: String,
    isRetry: Boolean,
    answer: maybe(String),
    open: Boolean,
    seed,
    leaving: Boolean,
  },
  sowings: { _id: text, eventIds: [String] },
  runs: {
    _id: text,
    eventId: text,
    workflowId: text,
    standing: text,
    state: text,
    version: maybe(Number),
    createdAt: number,
    startedAt: maybe(Number),
    endedAt: maybe(Number),
    dueAt: maybe(Number),
    owner: maybe(String),
    fence: number,
    interruptions: number,
    cancelRequested: truth,
    mark: Number,
    error: maybe(Buffer),
    graph: maybe(Buffer),
    journal: [entry],
  },
  rejections: {
    _id: text,
    workflowId: text,
    kind: text,
    at: number,
    status: number,
    reason: text,
    detail: String,
    method: text,
    path: String,
    headers: text,
    ip: String,
    bodyBytes: number,
    acceptedAs: maybe(String),
    times: number,
    fingerprints: text,
    body: bytes,
    bytes: number,
  },
  /** By workflow; old rejections go, their number stays. */
  rejected: { _id: text, count: number, kept: number, keptBytes: number },
  /** Parts of what is too large for its document. */
  chunks: { _id: text, bytes },
  secrets: { _id: text, sealed: bytes, updatedAt: number },
  workers: { _id: text, beat: number },
  settings: { _id: text, value: String },
} as const

type Index = readonly [keys: IndexDefinition, options?: IndexOptions]
const indexes: { readonly [name in keyof typeof shapes]?: readonly Index[] } = {
  workflows: [
    [{ key: 1 }, { unique: true }],
    [{ tokenHash: 1 }, { unique: true }],
  ],
  versions: [[{ workflowId: 1, number: -1 }, { unique: true }]],
  events: [
    [{ claim: 1 }, { unique: true }],
    // A list of a workflow's events, any filter, without reading an event that is not shown; and the same for all.
    [{ workflowId: 1, _id: -1, kind: 1, type: 1 }],
    [{ kind: 1, _id: -1, type: 1 }],
    // Few: those of which another run is being made, and those that never got one.
    [{ open: 1 }, { sparse: true }],
    [{ leaving: 1 }, { sparse: true }],
    // How often events came again.
    [{ duplicates: 1 }, { sparse: true }],
  ],
  runs: [
    [{ eventId: 1, standing: 1, _id: -1 }],
    // The balance, the unfinished, and lists by state: each (standing, state) is a list by id, and any filter some of them.
    [{ standing: 1, state: 1, _id: -1 }],
    [{ workflowId: 1, standing: 1, state: 1, _id: -1 }],
  ],
  // Any filter without reading a rejection that is not shown, of a workflow and of all.
  rejections: [
    [{ workflowId: 1, _id: -1, reason: 1, status: 1, ip: 1, acceptedAs: 1 }],
    [{ _id: -1, reason: 1, status: 1, ip: 1, acceptedAs: 1 }],
  ],
}

/** Declares the collections on a connection. */
export function openModels(connection: Connection) {
  const model = <Row>(name: keyof typeof shapes) => {
    const schema = new Schema<Row>(shapes[name], {
      collection: name,
      versionKey: false,
      id: false,
      strict: 'throw',
      minimize: false,
    })
    for (const [keys, options] of indexes[name] ?? []) schema.index(keys, options)
    return connection.model<Row>(name, schema)
  }
  return {
    workflows: model<WorkflowRow>('workflows'),
    versions: model<VersionRow>('versions'),
    departed: model<{ readonly _id: WorkflowId; readonly at: number }>('departed'),
    events: model<EventRow>('events'),
    sowings: model<SowingRow>('sowings'),
    runs: model<RunRow>('runs'),
    rejections: model<RejectionRow>('rejections'),
    rejected: model<RejectedRow>('rejected'),
    chunks: model<{ readonly _id: string; readonly bytes: Buffer }>('chunks'),
    secrets: model<{ readonly _id: string; readonly sealed: Buffer; readonly updatedAt: number }>('secrets'),
    workers: model<{ readonly _id: WorkerId; readonly beat: number }>('workers'),
    settings: model<{ readonly _id: string; readonly value: string }>('settings'),
  }
}

export type Models = ReturnType<typeof openModels>
