import { describe, expect, test } from 'vitest'
import { schemesOf } from '../../nodes/providers/index.ts'
import { readWebhookSettings } from '../../nodes/webhook.ts'
import { compileDoor } from '../../server/inbound/door.ts'
import { sign } from '../../server/inbound/sign.ts'
import { pairsFor } from '../support/ways.ts'
import { corpus, makeRequest } from './make.ts'

interface Expected {
  readonly status?: number
  readonly status_in?: readonly number[]
  readonly content_type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly json?: unknown
  readonly body_must_not_contain?: string
}
interface Case {
  readonly id: string
  readonly provider: string
  readonly config?: Readonly<Record<string, string>>
  readonly request?: {
    readonly method: string
    readonly path: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly sign?: boolean | 'invalid'
  }
  readonly response?: Expected & { readonly one_of?: readonly Expected[]; readonly forbidden?: boolean }
}

const secret = 'shared-with-the-provider'
const nowMs = 1_700_000_000_000

/** What is stored or answered by the workflow, and what asks other machines, is for the journeys. */
const elsewhere = new Set([
  'github-ping',
  'msgraph-clientstate-ok',
  'sns-subscription',
  'adyen-accepted',
  'xero-itr',
])

const cases = (corpus('handshakes.json') as Case[]).filter(
  ({ id, request }) => request !== undefined && !elsewhere.has(id),
)

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What each configures under a name of its own. */
const secretNames = ['consumer_secret', 'secret_token', 'client_state', 'secret']

async function ask({ provider, config = {}, request }: Case): Promise<Answered> {
  const { method = '', path = '', headers = {}, body = '' } = request ?? {}
  const query = path.includes('?') ? path.slice(path.indexOf('?')) : ''
  const scheme = config['trigger'] ?? provider
  const { told, own } = keysOf(scheme, config)
  const { verify_token: verifyToken, topic } = config
  const verification = { scheme, secret: told, ...(topic !== undefined && { topic }) }
  const settings = readWebhookSettings({ verification })
  if (settings === undefined) throw new Error(`no settings for ${scheme}`)
  const [way] = schemesOf({ scheme })
  const unsigned = { method, url: '', path: '', headers, body: Buffer.from(body), id: 'msg_1' }
  const signed = request?.sign === true && way ? await sign(way, own, unsigned, nowMs) : undefined
  const door = compileDoor(settings, { secrets: [told], verifyToken })
  const admission = await door.admit(
    makeRequest({
      method,
      path: query,
      headers: { ...headers, ...(signed?.ok ? signed.headers : {}) },
      body,
    }),
    nowMs,
  )
  if (admission.kind === 'handshake') return admission.answer
  if (admission.kind === 'refused') {
    return { status: admission.refusal.status, headers: {}, body: admission.refusal.detail }
  }
  throw new Error('the handshake was taken for an event')
}

function keysOf(
  scheme: string,
  config: NonNullable<Case['config']>,
): { readonly told: string; readonly own: string } {
  const [named] = secretNames.flatMap((name) => config[name] ?? [])
  if (scheme !== 'discord') return { told: named ?? secret, own: named ?? secret }
  const [{ told, own }] = pairsFor(schemesOf({ scheme })[0] ?? { kind: 'none' })
  return { told, own }
}

function fits(answer: Answered, expected: Expected): boolean {
  const { status, status_in, content_type, headers = {}, body, json, body_must_not_contain } = expected
  return (
    (status === undefined || answer.status === status) &&
    (status_in === undefined ||
      status_in.includes(answer.status) ||
      (answer.status === 200 && status_in.includes(204))) &&
    (content_type === undefined || (answer.headers['content-type'] ?? '').startsWith(content_type)) &&
    Object.entries(headers).every(([name, value]) => answer.headers[name.toLowerCase()] === value) &&
    (body === undefined || answer.body === body) &&
    (json === undefined || answer.body === JSON.stringify(json)) &&
    (body_must_not_contain === undefined || !answer.body.includes(body_must_not_contain))
  )
}

test.each(cases)('$id is answered as the provider wants it', async (each) => {
  const answer = await ask(each)
  const { one_of, forbidden, ...expected } = each.response ?? {}
  if (forbidden === true) expect(answer.status).toBe(400)
  else if (each.id === 'echo-crlf') expect(answer).toMatchObject({ status: 400, headers: {} })
  else
    expect(
      (one_of ?? [expected]).some((form) => fits(answer, form)),
      JSON.stringify(answer),
    ).toBe(true)
})

const doorOf = (scheme: string, verifyToken: string | undefined) => {
  const settings = readWebhookSettings({ verification: { scheme, secret } })
  if (settings === undefined) throw new Error(`no settings for ${scheme}`)
  return compileDoor(settings, { secrets: [secret], verifyToken })
}

describe('the door of Slack and Meta', () => {
  const question = '?hub.mode=subscribe&hub.challenge=1158&hub.verify_token='

  test('an unsigned url_verification is not answered', async () => {
    const body = '{"type":"url_verification","challenge":"abc"}'
    const request = makeRequest({ headers: { 'content-type': 'application/json' }, body })
    expect(await doorOf('slack', undefined).admit(request, nowMs)).toMatchObject({
      kind: 'refused',
      refusal: { status: 401 },
    })
  })

  test.each([undefined, '', 'changeme'])(
    'without a usable verify token (%j) nobody is answered',
    async (token) => {
      const request = makeRequest({ method: 'GET', path: `${question}${token ?? ''}` })
      expect(await doorOf('meta', token).admit(request, nowMs)).toMatchObject({ refusal: { status: 403 } })
    },
  )

  test('a verify token that is given twice is refused', async () => {
    const request = makeRequest({ method: 'GET', path: `${question}tok&hub.verify_token=tok` })
    expect(await doorOf('meta', 'tok').admit(request, nowMs)).toMatchObject({ refusal: { status: 403 } })
  })

  test('GET is for the handshake only: any other GET is refused with 405', async () => {
    const door = doorOf('meta', 'tok')
    expect(door.methods).toContain('GET')
    expect(await door.admit(makeRequest({ method: 'GET' }), nowMs)).toMatchObject({
      refusal: { status: 405 },
    })
  })

  test('an address outside the allowlist gets no answer to a handshake either', async () => {
    const settings = readWebhookSettings({
      verification: { scheme: 'meta', secret },
      allowFrom: ['10.0.0.0/8'],
    })
    if (settings === undefined) throw new Error('no settings')
    const door = compileDoor(settings, { secrets: [secret], verifyToken: 'tok' })
    const request = makeRequest({ method: 'GET', path: `${question}tok` })
    expect(await door.admit(request, nowMs)).toMatchObject({
      refusal: { status: 403, reason: 'address-not-allowed' },
    })
  })
})
