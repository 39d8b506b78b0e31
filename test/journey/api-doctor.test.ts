/** The signature doctor over the API: a refused request, its cause, the remedy, and letting it in as if it had come then. */
import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as api from '../../nodes/contract/api.ts'
import { diagnosis } from '../../nodes/contract/diagnosis.ts'
import { type World, chain, hook, node, openWorld, problem } from '../http/world.ts'
import type { Answer } from '../support/server.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex')
const text = node('text', 'transform', { expression: '{"n": n}' })
const stripe = (secret: unknown, more = {}) =>
  chain(hook({ verification: { scheme: 'stripe', secret }, ...more }), text)

async function knock(
  workflow: Answer,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
) {
  const response = await fetch(`${world.url}${new URL(workflow.hook.url).pathname}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const answer: Answer = await response.json()
  return { status: response.status, body: answer }
}

const fromStripe = (secret: string, body: string, secondsAgo = 0) => {
  const at = Math.floor(Date.now() / 1_000) - secondsAgo
  return { 'stripe-signature': `t=${at},v1=${hmac(secret, `${at}.${body}`)}` }
}

const event = (id: string, more = {}) => JSON.stringify({ id, type: 'charge.succeeded', n: 1, ...more })
const put = (name: string, value: string) => world.ask('PUT', `/api/secrets/${name}`, { value })
const newest = async (workflow: Answer): Promise<Answer> =>
  (await world.ask('GET', `/api/rejections?workflowId=${workflow.id}`)).body.items[0]

async function diagnosed(workflow: Answer) {
  const { id } = await newest(workflow)
  const { status, body } = await world.ask('GET', `/api/rejections/${id}/diagnosis`)
  expect(status).toBe(200)
  return diagnosis.parse(body)
}
const accept = async (workflow: Answer) =>
  world.ask('POST', `/api/rejections/${(await newest(workflow)).id}/accept`)

describe('GET /api/rejections/:id/diagnosis', () => {
  test('names the stored secret that signed it, and after the change is published, that it can be accepted', async () => {
    await put('STRIPE_LIVE', 'whsec_of_the_live_mode')
    await put('STRIPE_TEST', 'whsec_of_the_test_mode')
    const made = await world.make(stripe({ $secret: 'STRIPE_LIVE' }))
    const body = event('evt_doctor_1', { livemode: false })
    const refused = await knock(made, body, fromStripe('whsec_of_the_test_mode', body))
    expect(refused).toMatchObject({ status: 401, body: { reason: 'signature-mismatch' } })
    const found = await diagnosed(made)
    expect(found.sentence).toMatch(/“STRIPE_TEST”.*“livemode” is false/)
    expect(found.remedy).toMatchObject({ kind: 'setting', change: { secret: { $secret: 'STRIPE_TEST' } } })
    expect(JSON.stringify(found)).not.toMatch(/whsec_|[0-9a-f]{32}/)

    await world.ask('PATCH', `/api/workflows/${made.id}`, { graph: stripe({ $secret: 'STRIPE_TEST' }) })
    expect(await diagnosed(made)).toMatchObject({ outcome: 'found', remedy: { kind: 'publish' } })
    await world.ask('POST', `/api/workflows/${made.id}/publish`)
    expect(await diagnosed(made)).toMatchObject({ outcome: 'passes', remedy: { kind: 'accept' } })
  })

  test('a secret that is stored with a line break is written anew without being shown', async () => {
    await put('BROKEN', 'whsec_with_a_break\n')
    const made = await world.make(stripe({ $secret: 'BROKEN' }))
    const body = event('evt_doctor_2')
    await knock(made, body, fromStripe('whsec_with_a_break', body))
    const { remedy } = await diagnosed(made)
    expect(remedy).toMatchObject({ kind: 'secret', name: 'BROKEN', rewrite: 'trimmed' })
    const rewrite = () => world.ask('PATCH', '/api/secrets/BROKEN', { rewrite: 'trimmed' })
    expect(await rewrite()).toMatchObject({ status: 204, body: '' })
    expect(await diagnosed(made)).toMatchObject({ outcome: 'passes' })
    expect(await rewrite()).toMatchObject(problem(409, 'conflict'))
    expect(await world.ask('PATCH', '/api/secrets/NOBODY', { rewrite: 'trimmed' })).toMatchObject(
      problem(404, 'not-found'),
    )
  })

  test('a token is told from its fingerprint alone, which no answer holds', async () => {
    await put('OLD_TOKEN', 'the-token-of-last-year')
    const made = await world.make(
      chain(hook({ verification: { scheme: 'bearer', secret: 'the-token-of-now' } })),
    )
    await knock(made, '{}', { authorization: 'Bearer the-token-of-last-year' })
    const rejection = await newest(made)
    expect(api.rejection.parse(rejection)).toMatchObject({ kind: 'production', times: 1 })
    expect(JSON.stringify(rejection)).not.toMatch(/last-year|fingerprint/)
    expect((await diagnosed(made)).remedy).toMatchObject({ change: { secret: { $secret: 'OLD_TOKEN' } } })
  })

  test('what is no matter of signatures has its remedy or advice too: address, method, topic', async () => {
    const made = await world.make(chain(hook({ allowFrom: ['192.0.2.0/24'] })))
    await knock(made, '{}', {})
    expect(await diagnosed(made)).toMatchObject({
      sentence: expect.stringMatching(/^It came from 127\.0\.0\.1/),
      remedy: { kind: 'setting', field: 'allowFrom', change: ['192.0.2.0/24', '127.0.0.1'] },
    })
    const put = await world.make(chain(hook({ methods: ['PUT'] })))
    await knock(put, '{}', {})
    expect(await diagnosed(put)).toMatchObject({ remedy: { field: 'methods', change: ['PUT', 'POST'] } })
    const feed = await world.make(
      chain(
        hook({
          verification: { scheme: 'websub', secret: 'shared-with-the-hub', topic: 'https://a.test/feed' },
        }),
      ),
    )
    const asked = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': 'https://b.test/feed',
      'hub.challenge': 'echo-this',
    })
    const { pathname } = new URL(feed.hook.url)
    expect(await fetch(`${world.url}${pathname}?${asked.toString()}`)).toMatchObject({ status: 404 })
    expect(await diagnosed(feed)).toMatchObject({
      sentence: expect.stringMatching(/hub\.topic.*Enter the topic’s URL in the webhook node/),
    })
    const draft = await world.make(chain(hook()), { publish: false })
    await knock(draft, '{}', {})
    expect(await diagnosed(draft)).toMatchObject({ remedy: { kind: 'publish' } })
  })

  test('is asked by whoever is signed in, of rejections that are there', async () => {
    const place = '/api/rejections/rej_00000000000000000000000000/diagnosis'
    expect(await world.ask('GET', place)).toMatchObject(problem(404, 'not-found'))
    expect(await world.ask('GET', place, undefined, { authorization: 'Bearer no' })).toMatchObject({
      status: 401,
    })
    expect(await world.ask('GET', '/api/rejections/x/diagnosis')).toMatchObject(problem(404, 'not-found'))
  })
})

describe('POST /api/rejections/:id/accept, after the cause is mended', () => {
  test('is as if it had come then: verified, with its type and time, and one event with its repetition', async () => {
    await put('STRIPE_NEW', 'whsec_the_new_one')
    const made = await world.make(stripe('whsec_the_old_one'))
    const body = event('evt_accepted_1')
    await knock(made, body, fromStripe('whsec_the_new_one', body))
    const rejection = await newest(made)
    await world.ask('PATCH', `/api/workflows/${made.id}`, { graph: stripe({ $secret: 'STRIPE_NEW' }) })
    await world.ask('POST', `/api/workflows/${made.id}/publish`)
    const accepted = await accept(made)
    expect(accepted.status).toBe(201)
    expect(api.event.parse(accepted.body)).toMatchObject({
      verified: true,
      type: 'charge.succeeded',
      receivedAt: rejection.at,
      dedupeKey: 'id:evt_accepted_1',
      acceptedFrom: rejection.id,
    })
    expect((await world.run(accepted.body.id)).steps.at(-1).output).toEqual({ n: 1 })
    expect((await newest(made)).acceptedAs).toBe(accepted.body.id)
    // The sender tries again, as senders do: it is the same delivery.
    const again = await knock(made, body, fromStripe('whsec_the_new_one', body))
    expect(again).toMatchObject({ status: 200, body: { id: accepted.body.id } })
    expect((await world.ask('GET', `/api/events/${accepted.body.id}`)).body.duplicates).toBe(1)
    expect((await world.ask('GET', `/api/runs?workflowId=${made.id}`)).body.items).toHaveLength(1)
  })

  test('is a duplicate of what the sender had let in meanwhile, and does not run again', async () => {
    const made = await world.make(stripe('whsec_the_old_one'))
    const body = event('evt_accepted_2')
    await knock(made, body, fromStripe('whsec_another', body))
    const let_in = await knock(made, body, fromStripe('whsec_the_old_one', body))
    const accepted = await accept(made)
    expect(accepted.body).toMatchObject({ id: let_in.body.id, duplicates: 1, acceptedFrom: null })
    expect((await newest(made)).acceptedAs).toBe(let_in.body.id)
    expect((await world.ask('GET', `/api/runs?workflowId=${made.id}`)).body.items).toHaveLength(1)
  })

  test('a late request is right by the time at which it came, however late it is accepted', async () => {
    const made = await world.make(stripe('whsec_late'))
    const body = event('evt_accepted_3')
    await knock(made, body, fromStripe('whsec_late', body, 400))
    expect((await diagnosed(made)).sentence).toMatch(/The signature is right, but it was made 40\d s before/)
    const settings = {
      verification: { scheme: 'stripe', secret: 'whsec_late', timestamp: { toleranceSeconds: 600 } },
    }
    await world.ask('PATCH', `/api/workflows/${made.id}`, { graph: chain(hook(settings), text) })
    await world.ask('POST', `/api/workflows/${made.id}/publish`)
    expect((await accept(made)).body).toMatchObject({ verified: true })
  })

  test('a packed form with the message in a field is read as the door reads it', async () => {
    const github = (secret: string) => chain(hook({ verification: { scheme: 'github', secret } }), text)
    const made = await world.make(github('not-this-one'))
    const form = `payload=${encodeURIComponent('{"n":5}')}`
    const packed = new Uint8Array(gzipSync(form))
    const signature = createHmac('sha256', 'this-one').update(packed).digest('hex')
    await knock(made, packed, {
      'content-type': 'application/x-www-form-urlencoded',
      'content-encoding': 'gzip',
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${signature}`,
    })
    await world.ask('PATCH', `/api/workflows/${made.id}`, { graph: github('this-one') })
    await world.ask('POST', `/api/workflows/${made.id}/publish`)
    const { body } = await accept(made)
    expect(body).toMatchObject({ verified: true, type: 'push' })
    expect((await world.run(body.id)).steps.at(-1).output).toEqual({ n: 5 })
  })

  test('of the draft is a test of the draft', async () => {
    const made = await world.make(stripe('whsec_draft'), { publish: false })
    const body = event('evt_accepted_4')
    await fetch(`${world.url}/hooks-test/${made.hook.token}`, { method: 'POST', body })
    expect(await newest(made)).toMatchObject({ kind: 'test', reason: 'signature-missing' })
    const accepted = await accept(made)
    expect(accepted.body).toMatchObject({ kind: 'test', verified: false })
    expect((await world.run(accepted.body.id)).version).toBeNull()
  })

  test('a handshake and a body that cannot be read hold no event', async () => {
    const verification = { scheme: 'slack', secret: 'slack-secret-1' }
    const slack = await world.make(chain(hook({ verification })))
    await knock(slack, '{"type":"url_verification","challenge":"c"}', {})
    expect(await accept(slack)).toMatchObject(problem(409, 'conflict', /no event/))
    const open = await world.make(chain(hook()))
    await knock(open, '{"type":', {})
    expect(await accept(open)).toMatchObject(problem(409, 'conflict', /not JSON/))
  })
})

describe('POST /api/diagnose', () => {
  const body = '{"order":17}'
  const pasted = (headers: Record<string, string>, more = {}) => ({
    headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
    body,
    ...more,
  })

  test('checks a pasted request against settings and a secret that are not saved', async () => {
    const verification = { scheme: 'hmac', header: 'X-Acme-Signature' }
    const ask = async (headers: Record<string, string>, more = {}) =>
      (
        await world.ask('POST', '/api/diagnose', {
          verification,
          secret: 'typed-here',
          request: pasted(headers),
          ...more,
        })
      ).body
    expect(await ask({ 'X-Acme-Signature': hmac('typed-here', body) })).toMatchObject({ outcome: 'passes' })
    const prefixed = await ask({ 'X-Acme-Signature': `sha256=${hmac('typed-here', body)}` })
    expect(prefixed.remedy).toMatchObject({ kind: 'setting', change: { prefix: 'sha256=' } })
    await put('ACME', 'stored-there')
    const stored = await ask({ 'X-Acme-Signature': hmac('stored-there', body) })
    expect(stored.remedy).toMatchObject({ change: { secret: { $secret: 'ACME' } } })
    const saved = { ...verification, secret: { $secret: 'ACME' } }
    const own = await ask(
      { 'X-Acme-Signature': hmac('stored-there', body) },
      { verification: saved, secret: undefined },
    )
    expect(own).toMatchObject({ outcome: 'passes' })
    expect(JSON.stringify([prefixed, stored, own])).not.toMatch(/typed-here|stored-there/)
  })

  test('does not judge a pasted request by its age, unless it is told when it came', async () => {
    const verification = { scheme: 'stripe', secret: 'whsec_pasted' }
    const request = pasted(fromStripe('whsec_pasted', body, 86_400))
    expect((await world.ask('POST', '/api/diagnose', { verification, request })).body).toMatchObject({
      outcome: 'passes',
    })
    const cameAt = new Date().toISOString()
    const judged = (await world.ask('POST', '/api/diagnose', { verification, request, cameAt })).body
    expect(judged.sentence).toMatch(/^The signature is right, but it was made 8640\d s before/)
  })

  test('signs the hook’s own URL where the URL is signed, or the one that is told', async () => {
    const made = await world.make(chain(hook()))
    const verification = { scheme: 'hmac', signed: '{url}{body}', secret: 'url-secret' }
    const headers = { 'X-Signature': hmac('url-secret', `${made.hook.url}${body}`) }
    const ask = { verification, request: pasted(headers), workflowId: made.id }
    expect((await world.ask('POST', '/api/diagnose', ask)).body).toMatchObject({ outcome: 'passes' })
    const url = 'https://elsewhere.example/hooks/x'
    const told = { ...ask, request: pasted({ 'X-Signature': hmac('url-secret', `${url}${body}`) }, { url }) }
    expect((await world.ask('POST', '/api/diagnose', told)).body).toMatchObject({ outcome: 'passes' })
    expect(await world.ask('POST', '/api/diagnose', { ...ask, workflowId: 'wf_1' })).toMatchObject(
      problem(404, 'not-found'),
    )
  })

  test('refuses what is no question', async () => {
    const request = pasted({})
    for (const [asked, words] of [
      [{ request }, /verification/],
      [{ verification: { scheme: 'hmac', header: 'a b' }, request }, /header name/],
      [{ verification: { scheme: 'hmac' }, request: { ...request, body: 'x'.repeat(100_000) } }, /at most/],
    ] as const)
      expect(await world.ask('POST', '/api/diagnose', asked)).toMatchObject(problem(422, 'invalid', words))
  })
})

test('the doctor is asked so often and no more, so that nobody keeps the server busy with it', async () => {
  const ask = () =>
    world.ask('POST', '/api/diagnose', { verification: { scheme: 'github' }, request: { headers: [] } })
  const asked: Answer[] = []
  for (let n = 0; n < 120; n += 1) asked.push(await ask())
  const refused = asked.find(({ status }) => status === 429)
  expect(refused).toMatchObject(problem(429, 'limited'))
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
})
