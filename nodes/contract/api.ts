/**
 * What crosses the API, said once: the server validates requests with these schemas and generates its OpenAPI document
 * from them, the editor takes its types from them. Requests are strict; answers may grow. Times are ISO 8601 in UTC
 * with milliseconds. One list on one page, though it is long; what is not about workflows, events and runs is in `api-house.ts`.
 */
import * as z from 'zod/mini'
import type { Graph, Problem } from './graph.ts'
import { graphSchema, writtenGraph } from './graph.ts'
import type { Json } from './json.ts'
import { workflowKey, workflowName } from './workflow.ts'

const json = z.unknown() as unknown as z.ZodMiniType<Json>
const time = z.string()
const count = z.int().check(z.gte(0))
const graph: z.ZodMiniType<Graph> = graphSchema
const textMap = z.record(z.string(), z.string())

const problem: z.ZodMiniType<Problem> = z.object({
  nodeId: z.nullable(z.string()),
  path: z.string(),
  message: z.string(),
})

/** RFC 9457, as `application/problem+json`. */
export const problemDocument = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** A finer reason than the type, e.g. why a request was not verified. */
  reason: z.optional(z.string()),
  problems: z.optional(z.array(problem)),
})
export type ProblemDocument = z.infer<typeof problemDocument>

const failure = z.object({ code: z.string(), message: z.string(), response: z.optional(json) })

/** A page of a list, newest first; `nextCursor` is null on the last. */
const listOf = <T extends z.ZodMiniType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.nullable(z.string()) })

export const pageLimitDefault = 50
export const pageLimitMax = 200

/** Query parameters are text: `limit=20` is the number 20. */
const limit = z._default(
  z.pipe(
    z.string().check(z.regex(/^\d{1,4}$/, 'limit is a whole number')),
    z.pipe(
      z.transform((text: string) => Number(text)),
      z.int().check(z.gte(1, 'limit is at least 1'), z.lte(pageLimitMax, `limit is at most ${pageLimitMax}`)),
    ),
  ),
  pageLimitDefault,
)
const page = { cursor: z.optional(z.string()), limit }
const kind = z.enum(['production', 'test'])

export const runStates = [
  'accepted',
  'queued',
  'running',
  'waiting',
  'held',
  'succeeded',
  'filtered',
  'failed',
  'cancelled',
] as const
const runState = z.enum(runStates)
export type RunState = z.infer<typeof runState>

const onOneSample = z.refine<{ readonly eventId?: string | undefined; readonly message?: Json | undefined }>(
  ({ eventId, message }) => eventId === undefined || message === undefined,
  'choose an event or a message, not both',
)

export const signIn = z.union([
  z.strictObject({ token: z.string().check(z.minLength(1, 'the token is empty')) }),
  z.strictObject({ email: z.string(), password: z.string() }),
])
export type SignIn = z.infer<typeof signIn>

export const createWorkflow = z.strictObject({
  key: z.optional(workflowKey),
  name: workflowName,
  graph: writtenGraph,
  enabled: z._default(z.boolean(), true),
  publish: z._default(z.boolean(), false),
})
export type CreateWorkflow = z.input<typeof createWorkflow>

/** `revision` is the one that the change is based on; without it the change wins over whatever is there. */
export const changeWorkflow = z.strictObject({
  revision: z.optional(count),
  name: z.optional(workflowName),
  enabled: z.optional(z.boolean()),
  graph: z.optional(writtenGraph),
})
export type ChangeWorkflow = z.input<typeof changeWorkflow>

/** A workflow in a list: without its draft. */
export const workflowSummary = z.object({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  enabled: z.boolean(),
  hook: z.object({ url: z.string(), token: z.string() }),
  revision: count,
  /** The version that runs; null = never published. */
  version: z.nullable(count),
  createdAt: time,
  updatedAt: time,
})
export type WorkflowSummary = z.infer<typeof workflowSummary>

export const workflow = z.extend(workflowSummary, { draft: graph, problems: z.array(problem) })
export type Workflow = z.infer<typeof workflow>

export const workflowList = listOf(workflowSummary)
export const workflowListQuery = z.strictObject({ ...page, key: z.optional(workflowKey) })

export const publishWorkflow = z.strictObject({
  note: z._default(z.string().check(z.maxLength(2_000, 'a note is at most 2000 characters long')), ''),
  revision: z.optional(count),
})
export type PublishWorkflow = z.input<typeof publishWorkflow>

export const version = z.object({ number: count, note: z.string(), createdAt: time, graph })
export type Version = z.infer<typeof version>
export const versionList = listOf(version)
export const versionListQuery = z.strictObject(page)

/** Runs the draft on a stored event or on a message (null when neither is given); `simulate` sends nothing. */
export const testWorkflow = z
  .strictObject({
    eventId: z.optional(z.string()),
    message: z.optional(json),
    simulate: z._default(z.boolean(), false),
  })
  .check(onOneSample)
export type TestWorkflow = z.input<typeof testWorkflow>

/** What the door answered to a correctly signed sample that was sent through it. */
export const sampleSent = z.object({ status: z.int(), eventId: z.nullable(z.string()) })
export type SampleSent = z.infer<typeof sampleSent>

export const validateGraph = z.strictObject({ graph: z.unknown() })
export const validation = z.object({ problems: z.array(problem) })
export type Validation = z.infer<typeof validation>

/** Without `nodeId` every pure node is evaluated, with it those that lead there. */
export const previewGraph = z
  .strictObject({
    graph,
    nodeId: z.optional(z.string()),
    message: z.optional(json),
    eventId: z.optional(z.string()),
  })
  .check(onOneSample)
export type PreviewGraph = z.input<typeof previewGraph>

const logLine = z.object({ level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() })

/** `skipped`: it would send something, or nothing reaches it on this sample. */
const previewStep = z.object({
  nodeId: z.string(),
  state: z.enum(['succeeded', 'failed', 'skipped']),
  port: z.nullable(z.string()),
  input: z.optional(json),
  output: z.optional(json),
  error: z.nullable(failure),
  logs: z.array(logLine),
})
export const preview = z.object({ steps: z.array(previewStep) })
export type Preview = z.infer<typeof preview>

const received = {
  id: z.string(),
  workflowId: z.string(),
  method: z.string(),
  path: z.string(),
  /** As received, in order; values that are secret are masked. */
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  ip: z.string(),
  bodyBytes: count,
}

export const event = z.object({
  ...received,
  kind,
  receivedAt: time,
  type: z.nullable(z.string()),
  verified: z.boolean(),
  dedupeKey: z.nullable(z.string()),
  /** How often the same delivery came again. */
  duplicates: count,
  /** The rejection that somebody accepted by hand; null = let in by the door. */
  acceptedFrom: z.nullable(z.string()),
  /** The sender said that it sends this again: its first copy was not let in, or never came. */
  isRetry: z.boolean(),
})
export type Event = z.infer<typeof event>
export const eventList = listOf(event)
export const eventListQuery = z.strictObject({
  ...page,
  workflowId: z.optional(z.string()),
  kind: z.optional(kind),
  type: z.optional(z.string()),
})

/** Neither = the version that runs now. `body` takes the place of the one that was received. */
export const replayEvent = z
  .strictObject({ version: z.optional(count), draft: z._default(z.boolean(), false), body: z.optional(json) })
  .check(
    z.refine(
      ({ version, draft }) => version === undefined || !draft,
      'choose a version or the draft, not both',
    ),
  )
export type ReplayEvent = z.input<typeof replayEvent>

export const rejection = z.object({
  ...received,
  kind,
  at: time,
  status: z.int(),
  reason: z.string(),
  detail: z.string(),
  /** The event that it became when somebody accepted it. */
  acceptedAs: z.nullable(z.string()),
  /** How many requests it stands for: of a flood that a limit keeps out, the first one of a while is kept. */
  times: count,
})
export type Rejection = z.infer<typeof rejection>
export const rejectionList = listOf(rejection)
export const rejectionListQuery = z.strictObject({
  ...page,
  workflowId: z.optional(z.string()),
  reason: z.optional(z.string()),
  status: z.optional(
    z.pipe(
      z.string().check(z.regex(/^\d{3}$/, 'a status has three digits')),
      z.transform((text: string) => Number(text)),
    ),
  ),
  ip: z.optional(z.string()),
  accepted: z.optional(z.enum(['true', 'false'])),
})

/** Secrets are replaced, bodies cut to 16 KB; `bodyBytes` counts the whole. */
const attempt = z.object({
  n: count,
  at: time,
  durationMs: z.number(),
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: textMap,
    body: z.string(),
    bodyBytes: count,
  }),
  response: z.nullable(z.object({ status: z.int(), headers: textMap, body: z.string(), bodyBytes: count })),
  error: z.nullable(failure),
})
export type Attempt = z.infer<typeof attempt>

const step = z.object({
  /** `nodeId`, or `nodeId#path` inside a split. */
  id: z.string(),
  nodeId: z.string(),
  /** What the node is and is called in the graph that ran; null when that is no longer stored. */
  node: z.nullable(z.object({ type: z.string(), label: z.optional(z.string()) })),
  state: z.enum(['succeeded', 'failed', 'waiting']),
  port: z.nullable(z.string()),
  input: json,
  output: json,
  error: z.nullable(failure),
  logs: z.array(logLine),
  startedAt: time,
  endedAt: time,
  /** When a waiting step goes on. */
  resumeAt: z.nullable(time),
  /** Which target's turn a waiting step waits for, and why; null = for something else. */
  waitsFor: z.nullable(z.string()),
  attempts: z.array(attempt),
})
export type Step = z.infer<typeof step>

/** A run in a list: without its steps. */
export const runSummary = z.object({
  id: z.string(),
  eventId: z.string(),
  workflowId: z.string(),
  kind,
  /** The published version that it runs; null = a draft. */
  version: z.nullable(count),
  state: runState,
  /** The code of its error: why it failed, in a word. */
  reason: z.nullable(z.string()),
  error: z.nullable(z.object({ code: z.string(), message: z.string(), nodeId: z.optional(z.string()) })),
  createdAt: time,
  startedAt: z.nullable(time),
  endedAt: z.nullable(time),
  dueAt: z.nullable(time),
})
export type RunSummary = z.infer<typeof runSummary>

export const run = z.extend(runSummary, { steps: z.array(step) })
export type Run = z.infer<typeof run>

const runFilter = {
  workflowId: z.optional(z.string()),
  eventId: z.optional(z.string()),
  state: z.optional(runState),
  kind: z.optional(kind),
}
export const runList = listOf(runSummary)
export const runListQuery = z.strictObject({ ...page, ...runFilter })

/** Minutes back from now. */
export const activityQuery = z.strictObject({
  minutes: z._default(
    z.pipe(
      z.string().check(z.regex(/^\d{1,5}$/, 'minutes is a whole number')),
      z.pipe(
        z.transform((text: string) => Number(text)),
        z.int().check(z.gte(1, 'minutes is at least 1'), z.lte(1_440, 'minutes is at most 1440, a day')),
      ),
    ),
    60,
  ),
})

/** What went through the nodes of a workflow lately, counted from its newest production runs. */
export const activity = z.object({
  since: time,
  /** The runs that were looked at; `isAll` false = there were more in this time, and the newest were counted. */
  counted: count,
  isAll: z.boolean(),
  /** Run state → runs. */
  states: z.record(z.string(), count),
  nodes: z.array(
    z.object({
      nodeId: z.string(),
      failed: count,
      ports: z.array(
        z.object({
          port: z.string(),
          count,
          /** Who left by this port last. */
          newest: z.array(z.object({ runId: z.string(), eventId: z.string(), at: time })),
        }),
      ),
    }),
  ),
})
export type Activity = z.infer<typeof activity>

export const changeRuns = z.strictObject({
  filter: z.strictObject(runFilter),
  action: z.enum(['resume', 'cancel']),
})
export type ChangeRuns = z.infer<typeof changeRuns>
export const runsChanged = z.object({ changed: count })
export type RunsChanged = z.infer<typeof runsChanged>
