import type { Response } from 'express'
import * as api from '../../nodes/contract/api.ts'
import { diagnose, diagnosis } from '../../nodes/contract/diagnosis.ts'
import {
  type EventId,
  type RejectionId,
  type RunId,
  type WorkflowId,
  readId,
} from '../../nodes/contract/ids.ts'
import { Conflict, NotFound, type Run, type RunFilter, type Storage } from '../storage/storage.ts'
import { Buckets } from '../inbound/buckets.ts'
import type { Diagnosing } from '../workflows/diagnosing.ts'
import type { Operating } from '../workflows/operating.ts'
import { ProblemError } from './problem.ts'
import { type Route, route } from './route.ts'
import { pageOf } from './routes-workflows.ts'
import { eventView, listOf, rejectionView, runSummary, runView } from './views.ts'

export interface RunRoutesOptions {
  readonly storage: Storage
  readonly operating: Operating
  readonly diagnosing: Diagnosing
  readonly monotonic: () => number
}

/** A diagnosis costs a quarter of a second at the most, and a person looks at one at a time. */
const diagnoses = { perSecond: 2, burst: 60 } as const

/** What came in and what became of it: events, rejections, runs. */
export function runRoutes({ storage, operating, diagnosing, monotonic }: RunRoutesOptions): readonly Route[] {
  const asked = new Buckets({ keysMax: 1 })
  const bounded = () => {
    const waitMs = asked.take('', diagnoses, monotonic())
    if (waitMs === 0) return
    throw new ProblemError('limited', 'The doctor was asked too often. Ask again in a moment.', {
      retryAfterSeconds: Math.ceil(waitMs / 1_000),
    })
  }
  return [
    route({
      method: 'get',
      path: '/api/events',
      summary: 'Lists accepted requests, newest first.',
      query: api.eventListQuery,
      answer: api.eventList,
      handle: async ({ query: { cursor, limit, ...filter } }) =>
        listOf(await storage.events.list(given(filter), pageOf({ cursor, limit })), eventView),
    }),
    route({
      method: 'get',
      path: '/api/events/:id',
      summary: 'Reads an accepted request without its body.',
      answer: api.event,
      handle: async ({ params }) => eventView(found(await storage.events.get(eventId(params['id'])))),
    }),
    route({
      method: 'get',
      path: '/api/events/:id/body',
      summary: 'The raw bytes of an accepted request.',
      produces: 'application/octet-stream',
      handle: async ({ params, response }) =>
        sendBytes(response, found(await storage.events.body(eventId(params['id'])))),
    }),
    route({
      method: 'post',
      path: '/api/events/:id/replay',
      summary:
        'Runs an event again: by the version that runs now, another one, or the draft; with another body if given.',
      body: api.replayEvent,
      answer: api.runSummary,
      status: 202,
      handle: async ({ params, body }) => runSummary(await operating.replay(eventId(params['id']), body)),
    }),
    route({
      method: 'get',
      path: '/api/rejections',
      summary: 'Lists refused requests with the reason, newest first.',
      query: api.rejectionListQuery,
      answer: api.rejectionList,
      handle: async ({ query: { cursor, limit, accepted, ...filter } }) => {
        const isAccepted = accepted === undefined ? undefined : accepted === 'true'
        const rejections = await storage.rejections.list(
          given({ ...filter, isAccepted }),
          pageOf({ cursor, limit }),
        )
        return listOf(rejections, rejectionView)
      },
    }),
    route({
      method: 'get',
      path: '/api/rejections/:id',
      summary: 'Reads a refused request without its body.',
      answer: api.rejection,
      handle: async ({ params }) =>
        rejectionView(found(await storage.rejections.get(rejectionId(params['id'])))),
    }),
    route({
      method: 'get',
      path: '/api/rejections/:id/diagnosis',
      summary: 'Why a request was refused, as things stand now: what matched, what did not, what to change.',
      answer: diagnosis,
      handle: ({ params }) => {
        const id = rejectionId(params['id'])
        bounded()
        return diagnosing.rejection(id)
      },
    }),
    route({
      method: 'post',
      path: '/api/diagnose',
      summary: 'The same of a pasted request, by settings that need not be saved.',
      body: diagnose,
      answer: diagnosis,
      handle: ({ body }) => {
        bounded()
        return diagnosing.pasted(body)
      },
    }),
    route({
      method: 'get',
      path: '/api/rejections/:id/body',
      summary: 'The raw bytes of a refused request: the first 64 KB.',
      produces: 'application/octet-stream',
      handle: async ({ params, response }) =>
        sendBytes(response, found(await storage.rejections.body(rejectionId(params['id'])))),
    }),
    route({
      method: 'post',
      path: '/api/rejections/:id/accept',
      summary:
        'Accepts a refused request by hand, as if it had come then and been let in; verified if it verifies now.',
      answer: api.event,
      status: 201,
      handle: async ({ params }) => eventView(await operating.acceptRejection(rejectionId(params['id']))),
    }),
    route({
      method: 'get',
      path: '/api/runs',
      summary: 'Lists runs, newest first.',
      query: api.runListQuery,
      answer: api.runList,
      handle: async ({ query: { cursor, limit, ...filter } }) =>
        listOf(await storage.runs.list(filterOf(filter), pageOf({ cursor, limit })), runSummary),
    }),
    route({
      method: 'get',
      path: '/api/runs/:id',
      summary: 'Reads a run with its steps and attempts.',
      answer: api.run,
      handle: async ({ params }) => {
        const run = found(await storage.runs.get(runId(params['id'])))
        const [steps, hand] = await Promise.all([storage.runs.steps(run.id), operating.load(run)])
        return runView(run, steps, hand)
      },
    }),
    route({
      method: 'post',
      path: '/api/runs/:id/resume',
      summary: 'Goes on with a failed or cancelled run at the step that failed.',
      answer: api.runSummary,
      handle: async ({ params }) => runSummary(await operating.resume(runId(params['id']))),
    }),
    route({
      method: 'post',
      path: '/api/runs/:id/cancel',
      summary: 'Ends a run that has not ended.',
      answer: api.runSummary,
      handle: async ({ params }) => {
        const cancelled = await operating.cancel(runId(params['id']))
        if (cancelled === undefined) throw new ProblemError('conflict', 'This run has ended already.')
        return runSummary(cancelled)
      },
    }),
    route({
      method: 'post',
      path: '/api/runs/bulk',
      summary: 'Resumes or cancels all runs of a filter.',
      body: api.changeRuns,
      answer: api.runsChanged,
      handle: async ({ body: { filter, action } }) => {
        const change = async ({ id }: Run): Promise<boolean> =>
          action === 'cancel' ? (await operating.cancel(id)) !== undefined : resumed(operating.resume(id))
        return { changed: await operating.forEach(filterOf(filter), change) }
      },
    }),
  ]
}

/** Bytes of a stranger: never a page, whatever they claim to be. */
function sendBytes(response: Response, bytes: Uint8Array): void {
  response.setHeader('content-type', 'application/octet-stream')
  response.setHeader('content-disposition', 'attachment; filename="body"')
  response.setHeader('content-security-policy', "default-src 'none'; sandbox")
  response.end(bytes)
}

/** A run that cannot be resumed, or is gone by now, is passed over. */
async function resumed(resuming: Promise<Run>): Promise<boolean> {
  try {
    await resuming
    return true
  } catch (error) {
    if (error instanceof Conflict || error instanceof NotFound) return false
    throw error
  }
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new ProblemError('not-found', 'There is nothing with this id.')
  return value
}

/** A filter without what was left out. Ids that cannot be ids find nothing, like ids of what is not there. */
const given = <T extends { readonly workflowId?: string | undefined }>(filter: T) =>
  Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: K extends 'workflowId' ? WorkflowId : NonNullable<T[K]>
  }

const filterOf = (filter: {
  readonly workflowId?: string | undefined
  readonly eventId?: string | undefined
  readonly state?: RunFilter['state'] | undefined
  readonly kind?: RunFilter['kind'] | undefined
}): RunFilter => given(filter) as RunFilter

const idOr404 = <T>(id: T | undefined): T => found(id)
const eventId = (text = ''): EventId => idOr404(readId('evt', text))
const runId = (text = ''): RunId => idOr404(readId('run', text))
const rejectionId = (text = ''): RejectionId => idOr404(readId('rej', text))
