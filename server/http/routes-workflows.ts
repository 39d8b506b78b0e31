import * as api from '../../nodes/contract/api.ts'
import { readId } from '../../nodes/contract/ids.ts'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import type { Storage, Workflow } from '../storage/storage.ts'
import type { Activity } from '../workflows/activity.ts'
import type { Editing } from '../workflows/editing.ts'
import type { Testing } from '../workflows/testing.ts'
import { ProblemError } from './problem.ts'
import { type Route, route } from './route.ts'
import { listOf, runSummary, versionView, workflowSummary, workflowView } from './views.ts'

export interface WorkflowRoutesOptions {
  readonly storage: Storage
  readonly editing: Editing
  readonly testing: Testing
  readonly activity: Activity
  readonly publicUrl: () => string
}

/** Workflows: made, read, changed, published, tried out. */
export function workflowRoutes({
  storage,
  editing,
  testing,
  activity,
  publicUrl,
}: WorkflowRoutesOptions): readonly Route[] {
  const whole = async (workflow: Workflow) =>
    workflowView(workflow, await editing.problemsOf(JSON.parse(workflow.draft)), publicUrl())

  return [
    route({
      method: 'post',
      path: '/api/workflows',
      summary: 'Makes a workflow, and publishes it when asked to.',
      body: api.createWorkflow,
      answer: api.workflow,
      status: 201,
      handle: async ({ body }) => whole(await editing.create(body)),
    }),
    route({
      method: 'get',
      path: '/api/workflows',
      summary: 'Lists workflows, newest first.',
      query: api.workflowListQuery,
      answer: api.workflowList,
      handle: async ({ query }) => {
        if (query.key !== undefined) {
          const found = await storage.workflows.byKey(query.key)
          return { items: found ? [workflowSummary(found, publicUrl())] : [], nextCursor: null }
        }
        return listOf(await storage.workflows.list(pageOf(query)), (item) =>
          workflowSummary(item, publicUrl()),
        )
      },
    }),
    route({
      method: 'get',
      path: '/api/workflows/:id',
      summary: 'Reads a workflow with its draft and what keeps it from being published.',
      answer: api.workflow,
      handle: async ({ params }) => whole(await editing.get(workflowId(params['id']))),
    }),
    route({
      method: 'patch',
      path: '/api/workflows/:id',
      summary: 'Changes the draft, the name, or whether it is enabled.',
      body: api.changeWorkflow,
      answer: api.workflow,
      handle: async ({ params, body }) => whole(await editing.change(workflowId(params['id']), body)),
    }),
    route({
      method: 'delete',
      path: '/api/workflows/:id',
      summary: 'Deletes a workflow with its versions, events, runs and rejections.',
      handle: ({ params }) => editing.delete(workflowId(params['id'])),
    }),
    route({
      method: 'post',
      path: '/api/workflows/:id/publish',
      summary: 'Makes the draft the version that runs.',
      body: api.publishWorkflow,
      answer: api.version,
      handle: async ({ params, body }) => versionView(await editing.publish(workflowId(params['id']), body)),
    }),
    route({
      method: 'get',
      path: '/api/workflows/:id/versions',
      summary: 'Lists the published versions, newest first.',
      query: api.versionListQuery,
      answer: api.versionList,
      handle: async ({ params, query }) => {
        const { id } = await editing.get(workflowId(params['id']))
        return listOf(await storage.workflows.versions(id, pageOf(query)), versionView)
      },
    }),
    route({
      method: 'post',
      path: '/api/workflows/:id/versions/:n/restore',
      summary: 'Makes the graph of a version the draft again.',
      answer: api.workflow,
      handle: async ({ params }) =>
        whole(await editing.restore(workflowId(params['id']), versionNumber(params['n']))),
    }),
    route({
      method: 'post',
      path: '/api/workflows/:id/rotate-hook',
      summary: 'Gives the workflow a new hook URL; the old one is unknown from then on.',
      answer: api.workflow,
      handle: async ({ params }) => whole(await editing.rotateToken(workflowId(params['id']))),
    }),
    route({
      method: 'post',
      path: '/api/workflows/:id/test',
      summary: 'Runs the draft on a stored event or on a message.',
      body: api.testWorkflow,
      answer: api.runSummary,
      status: 202,
      handle: async ({ params, body }) =>
        runSummary(await testing.test(await editing.get(workflowId(params['id'])), body)),
    }),
    route({
      method: 'post',
      path: '/api/workflows/:id/sample',
      summary: 'Sends a correctly signed sample of the provider through the real door.',
      answer: api.sampleSent,
      handle: async ({ params }) => testing.sendSample(await editing.get(workflowId(params['id']))),
    }),
    route({
      method: 'get',
      path: '/api/workflows/:id/activity',
      summary: 'Counts what went through the nodes lately, by port.',
      query: api.activityQuery,
      answer: api.activity,
      handle: async ({ params, query }) =>
        activity.of((await editing.get(workflowId(params['id']))).id, query.minutes),
    }),
    route({
      method: 'post',
      path: '/api/validate',
      summary: 'Says what keeps a graph from being published.',
      body: api.validateGraph,
      answer: api.validation,
      handle: async ({ body }) => ({ problems: await editing.problemsOf(body.graph) }),
    }),
    route({
      method: 'post',
      path: '/api/preview',
      summary: 'Evaluates every pure node of a graph on a sample; nothing is sent.',
      body: api.previewGraph,
      answer: api.preview,
      handle: ({ body }) => testing.preview(body),
    }),
  ]
}

export const pageOf = ({
  cursor,
  limit,
}: {
  readonly cursor?: string | undefined
  readonly limit: number
}) => ({
  limit,
  ...(cursor !== undefined && { after: cursor }),
})

function versionNumber(text = ''): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new ProblemError('not-found', 'There is no such version.')
  return Number(text)
}

function workflowId(text = ''): WorkflowId {
  const id = readId('wf', text)
  if (id === undefined) throw new ProblemError('not-found', 'There is no such workflow.')
  return id
}
