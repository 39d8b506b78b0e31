/** What the store holds, as the API shows it. */
import type * as api from '../../nodes/contract/api.ts'
import type { Graph, GraphNode, Problem } from '../../nodes/contract/graph.ts'
import type { Hand } from '../engine/hand.ts'
import type {
  Paged,
  Rejection,
  Run,
  StoredAttempt,
  StoredEvent,
  StoredStep,
  Version,
  Workflow,
} from '../storage/storage.ts'

const time = (ms: number): string => new Date(ms).toISOString()
const timeOrNull = (ms: number | null): string | null => (ms === null ? null : time(ms))

export const listOf = <T, V>({ items, next }: Paged<T>, view: (item: T) => V) => ({
  items: items.map(view),
  nextCursor: next,
})

export const workflowSummary = (workflow: Workflow, publicUrl: string): api.WorkflowSummary => {
  const { id, key, name, enabled, token, revision, version, createdAt, updatedAt } = workflow
  const hook = { url: `${publicUrl}/hooks/${token}`, token }
  return {
    id,
    key,
    name,
    enabled,
    hook,
    revision,
    version,
    createdAt: time(createdAt),
    updatedAt: time(updatedAt),
  }
}

export const workflowView = (
  workflow: Workflow,
  problems: readonly Problem[],
  publicUrl: string,
): api.Workflow => ({
  ...workflowSummary(workflow, publicUrl),
  draft: JSON.parse(workflow.draft) as Graph,
  problems: [...problems],
})

export const versionView = ({ number, note, createdAt, graph }: Version): api.Version => ({
  number,
  note,
  createdAt: time(createdAt),
  graph: JSON.parse(graph) as Graph,
})

const headersView = (rawHeaders: readonly string[]) =>
  rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: rawHeaders[at + 1] ?? '' }] : []))

export const eventView = ({ rawHeaders, answer: _answer, receivedAt, ...event }: StoredEvent): api.Event => ({
  ...event,
  headers: headersView(rawHeaders),
  receivedAt: time(receivedAt),
})

export const rejectionView = ({
  rawHeaders,
  at,
  fingerprints: _fingerprints,
  ...rejection
}: Rejection): api.Rejection => ({
  ...rejection,
  headers: headersView(rawHeaders),
  at: time(at),
})

export const runSummary = (run: Run): api.RunSummary => {
  const { id, eventId, workflowId, kind, version, state, error } = run
  return {
    id,
    eventId,
    workflowId,
    kind,
    version,
    state,
    reason: error?.code ?? null,
    error,
    createdAt: time(run.createdAt),
    startedAt: timeOrNull(run.startedAt),
    endedAt: timeOrNull(run.endedAt),
    dueAt: timeOrNull(run.dueAt),
  }
}

/** @param hand absent when the event or the graph is no longer stored: then inputs cannot be told */
export const runView = (run: Run, steps: readonly StoredStep[], hand: Hand | undefined): api.Run => ({
  ...runSummary(run),
  steps: steps.map((step) => stepView(step, hand)),
})

function stepView(step: StoredStep, hand: Hand | undefined): api.Step {
  const { id, nodeId, state, port, error, logs, startedAt, endedAt, resumeAt, inLine, attempts } = step
  const compiled = hand?.graph.byId.get(nodeId)
  return {
    id,
    nodeId,
    node: compiled === undefined ? null : nodeNameView(compiled.node),
    state,
    port,
    input: (compiled && hand?.inputOf(compiled).value) ?? null,
    output: hand?.outputOf(nodeId).value ?? null,
    error,
    logs: [...logs],
    startedAt: time(startedAt),
    endedAt: time(endedAt),
    resumeAt: timeOrNull(resumeAt),
    waitsFor: inLine === undefined ? null : `its turn at ${inLine.target}: ${inLine.limits}`,
    attempts: attempts.map(attemptView),
  }
}

const nodeNameView = ({ type, data: { label } }: GraphNode): NonNullable<api.Step['node']> => ({
  type,
  ...(label !== undefined && { label }),
})

/** The engine counts anew after each resume, as its retry policy does; who looks at a step wants one count. */
const attemptView = (
  { at, durationMs, request, response, error }: StoredAttempt,
  index: number,
): api.Attempt => ({
  n: index + 1,
  at: time(at),
  durationMs,
  request,
  response: response ?? null,
  error: error ?? null,
})
