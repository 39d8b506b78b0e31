import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import * as api from '../../nodes/contract/api.ts'
import * as house from '../../nodes/contract/api-house.ts'
import { issuesOf } from '../../nodes/contract/issue.ts'
import { workflowFile } from '../../nodes/contract/workflow.ts'

const graph = {
  nodes: [{ id: 'hook', type: 'webhook', position: { x: 0, y: 0 }, data: { config: {} } }],
  edges: [],
}

const schemas = Object.entries({ ...api, ...house }).flatMap(([name, schema]): [string, z.ZodMiniType][] =>
  typeof schema === 'object' && '_zod' in schema ? [[name, schema as z.ZodMiniType]] : [],
)

test.each(schemas)('%s can be told as JSON Schema, as OpenAPI needs it', (_name, schema) => {
  expect(z.toJSONSchema(schema, { io: 'input' })).toHaveProperty('$schema')
  expect(z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })).toHaveProperty('$schema')
})

describe('the query of a list', () => {
  test('has 50 as its limit where it says none, and reads numbers from text', () => {
    expect(api.runListQuery.parse({})).toEqual({ limit: 50 })
    expect(api.runListQuery.parse({ limit: '200', cursor: 'c', state: 'failed', kind: 'test' })).toEqual({
      limit: 200,
      cursor: 'c',
      state: 'failed',
      kind: 'test',
    })
  })

  test.each([
    [{ limit: '201' }, 'limit is at most 200'],
    [{ limit: '0' }, 'limit is at least 1'],
    [{ limit: 'all' }, 'limit is a whole number'],
    [{ state: 'done' }, /^expected "accepted" or .*, found "done"$/],
    [{ staet: 'failed' }, 'unknown: staet'],
  ])('%j is refused', (query, message) => {
    expect(issuesOf(api.runListQuery, query)).toMatchObject([
      { message: expect.stringMatching(message) as string },
    ])
  })
})

describe('a request', () => {
  test('to create a workflow is enabled and unpublished where it says nothing', () => {
    expect(api.createWorkflow.parse({ name: 'W', graph })).toMatchObject({
      name: 'W',
      enabled: true,
      publish: false,
    })
  })

  test.each<readonly [string, z.ZodMiniType, unknown, string, string | RegExp]>([
    ['no name', api.createWorkflow, { graph }, 'name', 'this is missing'],
    ['a blank name', api.createWorkflow, { name: ' ', graph }, 'name', 'a workflow has a name'],
    ['no graph', api.createWorkflow, { name: 'W' }, 'graph', 'this is missing'],
    [
      'nodes that are no list',
      api.createWorkflow,
      { name: 'W', graph: { nodes: {} } },
      'graph.nodes',
      'expected a list, found an object',
    ],
    ['a bad key', api.createWorkflow, { name: 'W', graph, key: 'Ä' }, 'key', /a key has/],
    ['a setting too many', api.changeWorkflow, { names: 'W' }, '', 'unknown: names'],
    [
      'an action that is none',
      api.changeRuns,
      { filter: {}, action: 'stop' },
      'action',
      'expected "resume" or "cancel", found "stop"',
    ],
    [
      'a version and the draft',
      api.replayEvent,
      { version: 1, draft: true },
      '',
      'choose a version or the draft, not both',
    ],
    ['an empty secret', house.putSecret, { value: '' }, 'value', 'a secret is not empty'],
    ['a body that is a list', api.createWorkflow, [], '', 'expected an object, found a list'],
    ['half a sign-in', api.signIn, { email: 'a@b.c' }, 'password', 'this is missing'],
  ])('with %s is refused with its place and words', (_what, schema, body, path, message) => {
    const [issue] = issuesOf(schema, body)
    expect(issue?.path.join('.')).toBe(path)
    expect(issue?.message).toEqual(expect.stringMatching(message))
  })
})

describe('a workflow file', () => {
  test('is enabled where it says nothing, and keeps what React Flow adds to nodes', () => {
    const drawn = { ...graph, nodes: [{ ...graph.nodes[0], selected: true }] }
    expect(workflowFile.parse({ name: 'W', graph: drawn })).toEqual({
      name: 'W',
      enabled: true,
      graph: drawn,
    })
  })

  test.each([
    [{ name: 'W', graph, token: 'x' }, 'unknown: token'],
    [{ name: 'W', graph, key: 'A b' }, 'a key has 1 to 64 lower-case letters, digits and dashes'],
    [{ name: 'W', graph, enabled: 'yes' }, 'expected true or false, found "yes"'],
    [{ name: 'W', graph: { nodes: [{ id: 1 }] } }, 'expected text, found 1'],
  ])('is refused with words when it is wrong (%#)', (file, message) => {
    expect(issuesOf(workflowFile, file)[0]?.message).toBe(message)
  })
})
