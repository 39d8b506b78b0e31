import { randomBytes } from 'node:crypto'
import { makeId } from '../../../nodes/contract/ids.ts'
import type { EventId, RejectionId, RunId, WorkerId, WorkflowId } from '../../../nodes/contract/ids.ts'
import type {
  NewEvent,
  NewRun,
  Paged,
  Rejection,
  RejectionsKept,
  Run,
  Storage,
  StoredAttempt,
  StoredStep,
  Workflow,
} from '../../../server/storage/storage.ts'

export interface World {
  readonly storage: Storage
  /** Closes the store and opens it again. */
  readonly reopen: () => Promise<Storage>
}

export interface Promises {
  readonly [promise: string]: (storage: Storage, world: World) => Promise<void>
}

/** A moment that all worlds share: 2026-11-22. */
export const noon = 1_795_348_800_000

/** Ids of one millisecond do not sort by age; so each id that a test makes is a millisecond younger. */
let clock = noon
const next = <P extends Parameters<typeof makeId>[0]>(prefix: P) => makeId(prefix, clock++, randomBytes(10))
export const workflowId = (): WorkflowId => next('wf')
export const eventId = (): EventId => next('evt')
export const runId = (): RunId => next('run')
export const rejectionId = (): RejectionId => next('rej')
export const workerId = (): WorkerId => next('wrk')

export function aWorkflow(change: Partial<Workflow> = {}): Workflow {
  const id = workflowId()
  return {
    id,
    key: `key-${id.slice(3)}`,
    name: 'Push to Slack',
    enabled: true,
    token: `token-${id}`,
    revision: 1,
    draft: '{"nodes":[],"edges":[]}',
    version: null,
    createdAt: noon,
    updatedAt: noon,
    ...change,
  }
}

export async function stored(storage: Storage, change: Partial<Workflow> = {}): Promise<Workflow> {
  const workflow = aWorkflow(change)
  await storage.workflows.create(workflow)
  return workflow
}

export function anEvent(workflow: Workflow, change: Partial<NewEvent> = {}): NewEvent {
  return {
    id: eventId(),
    workflowId: workflow.id,
    kind: 'production',
    receivedAt: noon,
    method: 'POST',
    path: '',
    rawHeaders: ['Content-Type', 'application/json'],
    ip: '192.0.2.1',
    type: null,
    verified: true,
    dedupeKey: null,
    answer: null,
    acceptedFrom: null,
    isRetry: false,
    body: Buffer.from('{}'),
    dedupeWindowMs: 60_000,
    ...change,
  }
}

export function aRun(event: NewEvent, change: Partial<NewRun> = {}): NewRun {
  return {
    id: runId(),
    eventId: event.id,
    workflowId: event.workflowId,
    kind: event.kind,
    version: event.kind === 'test' ? null : 1,
    createdAt: noon,
    state: 'accepted',
    ...change,
  }
}

/** An event with its run, as the door stores them. */
export async function accepted(
  storage: Storage,
  workflow: Workflow,
  change: { readonly event?: Partial<NewEvent>; readonly run?: Partial<NewRun> } = {},
): Promise<{ readonly event: NewEvent; readonly run: NewRun }> {
  const event = anEvent(workflow, change.event)
  const run = aRun(event, change.run)
  await storage.events.accept(event, run)
  return { event, run }
}

/** A run in the hands of a worker. */
export async function claimed(
  storage: Storage,
  workflow: Workflow,
  worker: WorkerId = workerId(),
): Promise<Run> {
  const { run } = await accepted(storage, workflow)
  return certain(await storage.runs.claim(run.id, worker, noon + 1))
}

export function aStep(change: Partial<StoredStep> = {}): StoredStep {
  return {
    id: 'text',
    nodeId: 'text',
    state: 'succeeded',
    port: 'out',
    output: { kind: 'value', json: '{"text":"hello"}' },
    error: null,
    logs: [],
    startedAt: noon,
    endedAt: noon + 5,
    resumeAt: null,
    attempts: [],
    ...change,
  }
}

export const anAttempt = (n: number): StoredAttempt => ({
  n,
  at: noon + n,
  durationMs: 12.5,
  request: {
    method: 'POST',
    url: 'https://example.com/in',
    headers: { 'content-type': 'application/json' },
    body: '{"n":1}',
    bodyBytes: 7,
  },
  response: { status: 503, headers: { 'retry-after': '5' }, body: 'busy', bodyBytes: 4 },
  error: {
    code: 'status',
    message: 'the target answered 503',
    response: { status: 503, 'a.b': [1.5, null] },
  },
})

export const aRejection = (workflow: Workflow, change: Partial<Rejection> = {}): Rejection => ({
  id: rejectionId(),
  workflowId: workflow.id,
  kind: 'production',
  at: noon,
  status: 401,
  reason: 'not-verified',
  detail: 'no header X-Hub-Signature-256 was found',
  method: 'POST',
  path: '/rest?x=1',
  rawHeaders: ['X-Test', 'yes'],
  fingerprints: {},
  ip: '192.0.2.1',
  bodyBytes: 2,
  acceptedAs: null,
  times: 1,
  ...change,
})

/** Room for so many rejections of a few bytes. */
export const room = (count: number): RejectionsKept => ({ count, bytes: 1_000_000 })

/** The value, or a test that fails. */
export function certain<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value, found undefined')
  return value
}

/** All pages of a list, one after the other, with something done between two of them. */
export async function pages<T>(
  list: (page: { readonly limit: number; readonly after?: string }) => Promise<Paged<T>>,
  limit: number,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<readonly T[]> {
  const items: T[] = []
  let after: string | null | undefined
  while (after !== null) {
    const page = await list(after === undefined ? { limit } : { limit, after })
    items.push(...page.items)
    after = page.next
    await between()
  }
  return items
}
