/** Each template as its person would use it: published as it is, its secrets filled in, and a delivery that its sender signed. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { sign as signAsGitHub } from '@octokit/webhooks-methods'
import { Stripe } from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { templates } from '../../nodes/templates/index.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'

let server: RunningServer
let receiver: Receiver

beforeAll(async () => {
  receiver = await openReceiver()
  server = await startServer()
  for (const { secret, kind } of templates.flatMap(({ needs }) => needs)) {
    const value = kind === 'url' ? `${receiver.url}/${secret}` : `value-of-${secret}`
    await server.api('PUT', `/api/secrets/${secret}`, { value })
  }
})
afterAll(async () => {
  await server.stop()
  await receiver.close()
  await removeDataDir(server.dataDir)
})

type Body = Readonly<Record<string, unknown>>
interface Delivery {
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
}
const json = { 'content-type': 'application/json' }

const examplesFile = createRequire(import.meta.url).resolve('@octokit/webhooks-examples')
const examples = JSON.parse(readFileSync(examplesFile, 'utf8')) as readonly {
  readonly name: string
  readonly examples: readonly Body[]
}[]
const example = (event: string, action?: string): Body =>
  examples
    .find(({ name }) => name === event)
    ?.examples.find((body) => action === undefined || body['action'] === action) ?? {}

const fromGitHub = (event: string, body: Body) => async (): Promise<Delivery> => {
  const text = JSON.stringify(body)
  const signature = await signAsGitHub('value-of-GITHUB_WEBHOOK_SECRET', text)
  return { text, headers: { ...json, 'x-github-event': event, 'x-hub-signature-256': signature } }
}
const fromStripe = (type: string, object: Body) => (): Delivery => {
  const text = JSON.stringify({ id: `evt_${type}`, object: 'event', type, data: { object } })
  const signature = new Stripe('sk_test_1').webhooks.generateTestHeaderString({
    payload: text,
    secret: 'value-of-STRIPE_WEBHOOK_SECRET',
  })
  return { text, headers: { ...json, 'stripe-signature': signature } }
}
const fromForm = (fields: Readonly<Record<string, string>>) => (): Delivery => ({
  text: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
})
const fromAlertmanager = (severity: string, status: string) => (): Delivery => ({
  text: JSON.stringify({
    version: '4',
    status,
    externalURL: 'http://alerts.example.com',
    commonLabels: { alertname: 'DiskFull', severity },
    commonAnnotations: { summary: 'A disk is nearly full' },
    alerts: [{ status, labels: { instance: 'db-1' }, annotations: { summary: '96 % of /var' } }],
  }),
  headers: { ...json, authorization: 'Bearer value-of-ALERTS_TOKEN' },
})

interface Case {
  readonly template: string
  readonly what: string
  readonly deliver: () => Delivery | Promise<Delivery>
  /** Where it arrives, and something of what arrives there; nothing = filtered. */
  readonly arrives: readonly (readonly [path: string, body: unknown])[]
}

const contact = (properties: Body) => ({ inputs: [expect.objectContaining({ properties })] })
const push = { ...example('push'), ref: 'refs/heads/main', deleted: false }
const invoice = {
  id: 'in_1',
  amount_due: 4_900,
  currency: 'eur',
  customer_email: 'ada@example.com',
  hosted_invoice_url: 'https://invoice.example.com/in_1',
  next_payment_attempt: 1_800_000_000,
}
const intent = {
  id: 'pi_1',
  amount: 5_000,
  currency: 'jpy',
  last_payment_error: { message: 'Your card was declined.' },
}
const ada = { name: 'Ada King Lovelace', email: 'Ada@Example.com', message: 'Hello', website: '' }

const cases: readonly Case[] = [
  {
    template: 'github-push-to-slack',
    what: 'a push',
    deliver: fromGitHub('push', push),
    arrives: [['/SLACK_WEBHOOK_URL', { text: expect.stringContaining(' pushed ') }]],
  },
  {
    template: 'github-issue-to-discord',
    what: 'an opened issue',
    deliver: fromGitHub('issues', example('issues', 'opened')),
    arrives: [
      [
        '/DISCORD_WEBHOOK_URL',
        {
          allowed_mentions: { parse: [] },
          embeds: [expect.objectContaining({ title: expect.stringMatching(/^\S+\/\S+ #\d+: ./) })],
        },
      ],
    ],
  },
  {
    template: 'github-issue-to-discord',
    what: 'a closed issue',
    deliver: fromGitHub('issues', example('issues', 'closed')),
    arrives: [],
  },
  {
    template: 'stripe-payment-to-crm',
    what: 'a paid checkout',
    deliver: fromStripe('checkout.session.completed', {
      payment_status: 'paid',
      customer_details: { email: 'Ada@example.com', name: 'Ada Lovelace', phone: null },
    }),
    arrives: [
      [
        '/crm/v3/objects/contacts/batch/upsert',
        contact({
          email: 'ada@example.com',
          firstname: 'Ada',
          lastname: 'Lovelace',
          lifecyclestage: 'customer',
        }),
      ],
    ],
  },
  {
    template: 'stripe-failed-payment-to-slack',
    what: 'an unpaid invoice',
    deliver: fromStripe('invoice.payment_failed', invoice),
    arrives: [
      [
        '/SLACK_WEBHOOK_URL',
        {
          text: '*49.00 EUR* from ada@example.com was not paid. <https://invoice.example.com/in_1|Open in Stripe>\nStripe tries again on 15 January at 08:00 UTC.',
        },
      ],
    ],
  },
  {
    template: 'stripe-failed-payment-to-slack',
    what: 'a declined card, in a currency without cents',
    deliver: fromStripe('payment_intent.payment_failed', intent),
    arrives: [
      [
        '/SLACK_WEBHOOK_URL',
        {
          text: '*5,000 JPY* from a customer was not paid: Your card was declined. <https://dashboard.stripe.com/payments/pi_1|Open in Stripe>',
        },
      ],
    ],
  },
  {
    template: 'form-to-crm',
    what: 'a person',
    deliver: fromForm({ ...ada, company: 'Engines' }),
    arrives: [
      [
        '/crm/v3/objects/contacts/batch/upsert',
        contact({
          email: 'ada@example.com',
          firstname: 'Ada',
          lastname: 'King Lovelace',
          company: 'Engines',
          message: 'Hello',
        }),
      ],
    ],
  },
  {
    template: 'form-to-crm',
    what: 'a robot',
    deliver: fromForm({ ...ada, website: 'https://spam.example' }),
    arrives: [],
  },
  {
    template: 'form-to-email',
    what: 'a message',
    deliver: fromForm(ada),
    arrives: [['/v3/smtp/email', expect.objectContaining({ subject: 'Message from Ada King Lovelace' })]],
  },
  {
    template: 'alert-to-teams',
    what: 'a critical alert',
    deliver: fromAlertmanager('critical', 'firing'),
    arrives: [['/TEAMS_ONCALL_URL', expect.objectContaining({ type: 'message' })]],
  },
  {
    template: 'alert-to-teams',
    what: 'a warning',
    deliver: fromAlertmanager('Warning', 'firing'),
    arrives: [['/TEAMS_ALERTS_URL', expect.objectContaining({ type: 'message' })]],
  },
  {
    template: 'alert-to-teams',
    what: 'an alert that is over',
    deliver: fromAlertmanager('critical', 'resolved'),
    arrives: [],
  },
  {
    template: 'github-to-ci',
    what: 'a push to main',
    deliver: fromGitHub('push', push),
    arrives: [
      [
        `/api/v2/project/gh/${String((push as { repository?: Body }).repository?.['full_name'])}/pipeline`,
        { branch: 'main' },
      ],
    ],
  },
  {
    template: 'github-to-ci',
    what: 'a release',
    deliver: fromGitHub('release', example('release', 'published')),
    arrives: [[expect.stringMatching(/pipeline$/) as string, { tag: expect.any(String) }]],
  },
  {
    template: 'webhook-to-many',
    what: 'anything',
    deliver: () => ({ text: '{"a":[1,"ä"]}', headers: json }),
    arrives: ['FIRST', 'SECOND', 'THIRD'].map((which) => [`/${which}_TARGET_URL`, { a: [1, 'ä'] }]),
  },
]

test('has a case for every template', () => {
  expect([...new Set(cases.map(({ template }) => template))].toSorted()).toEqual(
    templates.map(({ key }) => key).toSorted(),
  )
})

/** Addresses of the world outside are the receiver's here; all else stays as it is in the file. */
const inThisWorld = (graph: unknown): unknown =>
  JSON.parse(
    JSON.stringify(graph).replaceAll(
      /https:\/\/(api\.hubapi\.com|api\.brevo\.com|circleci\.com)/g,
      receiver.url,
    ),
  )

test.each(cases)('$template: $what', async ({ template, deliver, arrives }) => {
  const { name, graph } = templates.find(({ key }) => key === template) ?? {}
  const made = await server.api('POST', '/api/workflows', { name, graph: inThisWorld(graph), publish: true })
  expect(made.problems).toEqual([])
  const { text, headers } = await deliver()
  const before = receiver.requests.length
  const taken = await fetch(`${server.url}${new URL(made.hook.url).pathname}`, {
    method: 'POST',
    headers,
    body: text,
  })
  expect(taken.status).toBe(200)
  const { items } = await eventually(
    () => server.api('GET', `/api/runs?workflowId=${made.id}`),
    ({ items: [run] }) => run?.endedAt != null,
  )
  expect(items[0]).toMatchObject({ state: arrives.length === 0 ? 'filtered' : 'succeeded', error: null })
  const arrived = receiver.requests.slice(before).toSorted((one, other) => one.url.localeCompare(other.url))
  expect(arrived.map(({ url, text }) => [url, JSON.parse(text)])).toEqual(arrives)
})
