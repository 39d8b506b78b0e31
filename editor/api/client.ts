/** The server, as functions. The only file that knows its URLs. */
import type * as api from '../../nodes/contract/api.ts'
import type * as house from '../../nodes/contract/api-house.ts'
import type * as doctor from '../../nodes/contract/diagnosis.ts'
import type { Graph } from '../../nodes/contract/graph.ts'

/** What the server refused, in its words. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly document: api.ProblemDocument

  constructor(document: api.ProblemDocument) {
    super(document.detail)
    this.status = document.status
    this.document = document
  }
}

/** The server cannot be reached: nobody knows whether the request arrived. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
  constructor(options?: ErrorOptions) {
    super(
      'The server cannot be reached. Check that it runs; what you changed is kept here meanwhile.',
      options,
    )
  }
}

export const isSignedOut = (error: unknown): boolean => error instanceof ApiProblem && error.status === 401
export const isConflict = (error: unknown): boolean => error instanceof ApiProblem && error.status === 409

/** A page of a list, newest first; `nextCursor` is null on the last. */
export interface List<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}
export interface Page {
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}
type Filter<T> = { readonly [K in keyof T]?: T[K] | undefined }

export const client = {
  signIn: (token: string) => send<undefined>('POST', '/api/session', { token }),
  signOut: () => send<undefined>('DELETE', '/api/session'),

  workflows: (page: Page = {}) => get<List<api.WorkflowSummary>>('/api/workflows', page),
  workflow: (id: string) => get<api.Workflow>(`/api/workflows/${id}`),
  createWorkflow: (body: api.CreateWorkflow) => send<api.Workflow>('POST', '/api/workflows', body),
  changeWorkflow: (id: string, body: api.ChangeWorkflow) =>
    send<api.Workflow>('PATCH', `/api/workflows/${id}`, body),
  deleteWorkflow: (id: string) => send<undefined>('DELETE', `/api/workflows/${id}`),
  publish: (id: string, body: api.PublishWorkflow) =>
    send<api.Version>('POST', `/api/workflows/${id}/publish`, body),
  versions: (id: string, page: Page = {}) => get<List<api.Version>>(`/api/workflows/${id}/versions`, page),
  restoreVersion: (id: string, number: number) =>
    send<api.Workflow>('POST', `/api/workflows/${id}/versions/${number}/restore`),
  rotateHook: (id: string) => send<api.Workflow>('POST', `/api/workflows/${id}/rotate-hook`),
  test: (id: string, body: api.TestWorkflow) =>
    send<api.RunSummary>('POST', `/api/workflows/${id}/test`, body),
  sendSample: (id: string) => send<api.SampleSent>('POST', `/api/workflows/${id}/sample`),
  activity: (id: string, minutes: number) => get<api.Activity>(`/api/workflows/${id}/activity`, { minutes }),
  validate: (graph: Graph) => send<api.Validation>('POST', '/api/validate', { graph }),
  preview: (body: api.PreviewGraph, signal?: AbortSignal) =>
    send<api.Preview>('POST', '/api/preview', body, signal),

  events: (filter: Filter<{ workflowId: string; kind: 'production' | 'test'; type: string }> & Page = {}) =>
    get<List<api.Event>>('/api/events', filter),
  event: (id: string) => get<api.Event>(`/api/events/${id}`),
  eventBody: (id: string) => bytes(`/api/events/${id}/body`),
  replay: (id: string, body: api.ReplayEvent = {}) =>
    send<api.RunSummary>('POST', `/api/events/${id}/replay`, body),
  rejections: (
    filter: Filter<{ workflowId: string; reason: string; ip: string; accepted: 'true' | 'false' }> &
      Page = {},
  ) => get<List<api.Rejection>>('/api/rejections', filter),
  rejectionBody: (id: string) => bytes(`/api/rejections/${id}/body`),
  acceptRejection: (id: string) => send<api.Event>('POST', `/api/rejections/${id}/accept`),
  diagnosis: (id: string) => get<doctor.Diagnosis>(`/api/rejections/${id}/diagnosis`),
  diagnose: (body: doctor.Diagnose, signal?: AbortSignal) =>
    send<doctor.Diagnosis>('POST', '/api/diagnose', body, signal),

  runs: (
    filter: Filter<{
      workflowId: string
      eventId: string
      state: api.RunState
      kind: 'production' | 'test'
    }> &
      Page = {},
  ) => get<List<api.RunSummary>>('/api/runs', filter),
  run: (id: string) => get<api.Run>(`/api/runs/${id}`),
  resumeRun: (id: string) => send<api.RunSummary>('POST', `/api/runs/${id}/resume`),
  cancelRun: (id: string) => send<api.RunSummary>('POST', `/api/runs/${id}/cancel`),
  changeRuns: (body: api.ChangeRuns) => send<api.RunsChanged>('POST', '/api/runs/bulk', body),

  secrets: () => get<List<house.Secret>>('/api/secrets', {}),
  putSecret: (name: string, value: string) => send<undefined>('PUT', `/api/secrets/${name}`, { value }),
  rewriteSecret: (name: string, rewrite: doctor.Rewrite) =>
    send<undefined>('PATCH', `/api/secrets/${name}`, { rewrite }),
  deleteSecret: (name: string) => send<undefined>('DELETE', `/api/secrets/${name}`),
  balance: () => get<house.Balance>('/api/balance', {}),
  address: () => get<house.Address>('/api/address', {}),
  stats: () => get<house.Stats>('/api/stats', {}),
  /** Server-sent events, each a `LiveSignal`. */
  live: (workflowId?: string) => new EventSource(withQuery('/api/live', { workflowId })),
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>

function withQuery(path: string, query: object): string {
  const given = Object.entries(query as Query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`
}

const get = async <T>(path: string, query: object = {}): Promise<T> =>
  (await (await ask('GET', withQuery(path, query))).json()) as T

const bytes = async (path: string): Promise<Uint8Array> =>
  new Uint8Array(await (await ask('GET', path)).arrayBuffer())

async function send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await ask(method, path, body, signal)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function ask(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(path, {
    method,
    ...(signal && { signal }),
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error
    throw new Unreachable({ cause: error })
  })
  if (response.ok) return response
  throw new ApiProblem(await problemOf(response))
}

/** Something between here and the server may answer with a page instead of a problem. */
async function problemOf(response: Response): Promise<api.ProblemDocument> {
  const unknown = {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: `The server answered ${response.status} ${response.statusText}.`,
  }
  if (!response.headers.get('content-type')?.includes('json')) return unknown
  return { ...unknown, ...((await response.json()) as Partial<api.ProblemDocument>) }
}
