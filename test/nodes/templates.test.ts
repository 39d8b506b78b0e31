import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { graphSchema } from '../../nodes/contract/graph.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { issuesOf } from '../../nodes/contract/issue.ts'
import { settingProblems, shapeProblems } from '../../nodes/contract/problems.ts'
import { ruleSchema } from '../../nodes/contract/rules.ts'
import { workflowFile } from '../../nodes/contract/workflow.ts'
import { filter } from '../../nodes/filter.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { templates } from '../../nodes/templates/index.ts'
import { contextOf, eventOf } from './node-context.ts'

const folder = new URL('../../nodes/templates/', import.meta.url)
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
const names = readdirSync(folder).filter((name) => name.endsWith('.json'))

describe.each(names)('%s', (name) => {
  const file = workflowFile.parse(read(name))

  test('is a workflow file with its own name as its key', () => {
    expect(issuesOf(workflowFile, read(name))).toEqual([])
    expect(`${file.key}.json`).toBe(name)
  })

  test('has no problems', () => {
    expect(shapeProblems(file.graph, nodeTypes)).toEqual([])
    expect(settingProblems(file.graph, nodeTypes)).toEqual([])
  })

  test('stands on the grid, reads from left to right, and nothing covers anything', () => {
    const { nodes, edges, notes = [] } = graphSchema.parse(file.graph)
    const at = new Map(nodes.map(({ id, position }) => [id, position]))
    for (const { source, target } of edges) {
      expect((at.get(target)?.x ?? 0) - (at.get(source)?.x ?? 0)).toBeGreaterThanOrEqual(320)
    }
    const boxes = [...nodes.map((node) => ({ ...node, width: 240, height: 104 })), ...notes]
    for (const { position, width, height } of boxes) {
      expect([position.x, position.y, width, height].map((value) => Math.abs(value % 8))).toEqual([
        0, 0, 0, 0,
      ])
    }
    const overlapping = boxes.filter((one) =>
      boxes.some(
        (other) => one !== other && isBeside(one, other, 'x', 'width') && isBeside(one, other, 'y', 'height'),
      ),
    )
    expect(overlapping).toEqual([])
  })

  test('holds no secret, names each that it needs, and says so on one note', () => {
    expect(JSON.stringify(file)).not.toMatch(/whsec_|Bearer [^a-z]|hooks\.slack\.com/)
    const told = templates.find(({ key }) => key === file.key)
    const needed = [...new Set(JSON.stringify(file.graph.nodes).match(/(?<="\$secret":")\w+/g))]
    expect(told?.needs.map(({ secret }) => secret).toSorted()).toEqual(needed.toSorted())
    expect(file.graph.notes).toHaveLength(1)
    for (const name of needed) expect(file.graph.notes?.[0]?.text).toContain(name)
  })
})

test('each is in the gallery once', () => {
  expect(templates.map(({ key }) => `${key}.json`).toSorted()).toEqual(names.toSorted())
})

type Box = { readonly position: { readonly x: number; readonly y: number } } & {
  readonly width: number
  readonly height: number
}

/** Whether two boxes share some of this axis. */
const isBeside = (one: Box, other: Box, axis: 'x' | 'y', size: 'width' | 'height'): boolean =>
  one.position[axis] < other.position[axis] + other[size] &&
  other.position[axis] < one.position[axis] + one[size]

/** Where the filter sends the message, and what the transform makes of it. */
async function flow(name: string, body: Json, headers: Record<string, string> = {}) {
  const { nodes } = workflowFile.parse(read(name)).graph
  const configOf = (type: string) => nodes.find((node) => node.type === type)?.data.config ?? {}
  const { context } = contextOf({ input: body, event: eventOf({ body, headers }) })
  const { condition, rules } = configOf('filter')
  const { port } = await filter.run(
    {
      condition: typeof condition === 'string' ? condition : undefined,
      rules: rules === undefined ? undefined : ruleSchema.parse(rules),
    },
    context,
  )
  return {
    port,
    made: port === 'match' ? await context.evaluate(String(configOf('transform').expression)) : undefined,
  }
}

describe('GitHub push to Slack', () => {
  const file = createRequire(import.meta.url).resolve('@octokit/webhooks-examples')
  const events = JSON.parse(readFileSync(file, 'utf8')) as readonly {
    name: string
    examples: readonly Json[]
  }[]
  const pushes = events.find(({ name }) => name === 'push')?.examples ?? []
  const push = {
    ...(pushes.at(-1) as { [key: string]: Json }),
    ref: 'refs/heads/main',
    deleted: false,
    compare: 'https://github.com/octo/door/compare/a...b',
    repository: { full_name: 'octo/door' },
    pusher: { name: 'octocat' },
    commits: [
      {
        id: 'a10867b14bb761a232cd80139fbd4c0d33264240',
        message: 'Fix the door\n\nIt stuck.',
        url: 'https://github.com/c/a1',
      },
    ],
  }
  const headers = { 'x-github-event': 'push' }

  test('writes who pushed what, with links', async () => {
    expect(await flow('github-push-to-slack.json', push, headers)).toEqual({
      port: 'match',
      made: {
        text: '*octo/door*: octocat pushed 1 commit (<https://github.com/octo/door/compare/a...b|compare>)\n• <https://github.com/c/a1|a10867b> Fix the door',
      },
    })
  })

  test('names at most ten commits of many, and counts them all', async () => {
    const commits = Array.from({ length: 12 }, (_, n) => ({
      id: `${n}`.repeat(8),
      message: `m${n}`,
      url: `u${n}`,
    }))
    const { made } = await flow('github-push-to-slack.json', { ...push, commits }, headers)
    const { text } = made as { text: string }
    expect(text).toContain('pushed 12 commits')
    expect(text.split('\n')).toHaveLength(11)
  })

  test('says nothing of other branches, deleted ones and other events', async () => {
    expect(pushes.length).toBeGreaterThan(0)
    for (const real of pushes) {
      const body = real as { readonly [key: string]: Json }
      const expected = body.ref === 'refs/heads/main' && body.deleted !== true ? 'match' : 'otherwise'
      expect((await flow('github-push-to-slack.json', body, headers)).port).toBe(expected)
    }
    expect((await flow('github-push-to-slack.json', { ...push, deleted: true }, headers)).port).toBe(
      'otherwise',
    )
    expect((await flow('github-push-to-slack.json', push, { 'x-github-event': 'ping' })).port).toBe(
      'otherwise',
    )
  })
})

const session = (customer: Json, status = 'paid') => ({
  id: 'evt_1Q',
  object: 'event',
  type: 'checkout.session.completed',
  data: { object: { id: 'cs_1', payment_status: status, customer_details: customer } },
})

const properties = async (customer: { [key: string]: Json }) => {
  const { made } = await flow('stripe-payment-to-crm.json', session({ email: 'p@example.com', ...customer }))
  return (made as { inputs: [{ properties: Json }] }).inputs[0].properties
}

describe('Stripe payment to CRM', () => {
  test('makes a contact of who paid', async () => {
    const customer = { email: 'Ada@Example.com', name: 'Ada King Lovelace', phone: null }
    expect(await flow('stripe-payment-to-crm.json', session(customer))).toEqual({
      port: 'match',
      made: {
        inputs: [
          {
            idProperty: 'email',
            id: 'ada@example.com',
            properties: {
              email: 'ada@example.com',
              firstname: 'Ada',
              lastname: 'King Lovelace',
              lifecyclestage: 'customer',
            },
          },
        ],
      },
    })
  })

  test('leaves out what the customer did not give, so that the CRM keeps what it has', async () => {
    const known = { email: 'p@example.com', lifecyclestage: 'customer' }
    expect(await properties({ name: null, phone: null })).toEqual(known)
    expect(await properties({ name: 'Plato', phone: '+1' })).toEqual({
      ...known,
      firstname: 'Plato',
      phone: '+1',
    })
  })

  test('leaves unpaid checkouts and other events alone', async () => {
    const unpaid = session({ email: 'a@example.com' }, 'unpaid')
    expect((await flow('stripe-payment-to-crm.json', unpaid)).port).toBe('otherwise')
    expect((await flow('stripe-payment-to-crm.json', session({ email: null }))).port).toBe('otherwise')
    expect((await flow('stripe-payment-to-crm.json', { type: 'charge.succeeded' })).port).toBe('otherwise')
  })
})

describe('form to e-mail', () => {
  const form = { name: 'Ada', email: 'ada@example.com', message: 'Hello "there"', website: '' }

  test('makes a mail that can be answered', async () => {
    expect(await flow('form-to-email.json', form)).toEqual({
      port: 'match',
      made: {
        sender: { name: 'Contact form', email: 'form@example.com' },
        to: [{ email: 'hello@example.com' }],
        replyTo: { name: 'Ada', email: 'ada@example.com' },
        subject: 'Message from Ada',
        textContent: 'Hello "there"\n\nAda <ada@example.com>, 2026-11-22T09:30:00.000Z',
      },
    })
  })

  test.each([
    ['a filled trap', { ...form, website: 'https://spam.example' }],
    ['no address', { ...form, email: 'ada' }],
    ['a line break in the address', { ...form, email: 'a@b.c\nbcc: x@y.z' }],
    ['no message', { ...form, message: ' ' }],
  ])('turns away %s', async (_what, body) => {
    expect((await flow('form-to-email.json', body)).port).toBe('otherwise')
  })
})
