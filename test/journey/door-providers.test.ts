/**
 * Every way of every provider through the real door: a server of its own, sockets, and an internet where the providers publish
 * their certificates and keys. What is right is let in; whatever is wrong with it by one thing is not.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { providers } from '../../nodes/providers/index.ts'
import { type Internet, openInternet } from '../support/internet.ts'
import { remoteWays } from '../support/remote-ways.ts'
import { type Answer, type RunningServer, removeDataDir, startServer } from '../support/server.ts'
import { type Delivery, type Pair, type Way, plainWays } from '../support/ways.ts'

const internet: Internet = await openInternet()
const all = [...plainWays(), ...remoteWays(internet)]
let server: RunningServer

beforeAll(async () => {
  server = await startServer({ environment: internet.environment })
})
afterAll(async () => {
  await server.stop()
  await internet.close()
  await removeDataDir(server.dataDir)
})

test('every provider has a way in the table', () => {
  const covered = new Set(all.map(({ settings }) => settings.scheme))
  expect([...providers.keys()].filter((id) => !covered.has(id))).toEqual(['none'])
  expect(providers.size).toBeGreaterThanOrEqual(66)
})

interface Place {
  readonly id: string
  /** As the provider knows it. */
  readonly url: string
  send(delivery: Delivery): Promise<{ readonly status: number; readonly text: string }>
}

async function open({ name, settings }: Way, pairs: readonly Pair[]): Promise<Place> {
  const secrets = pairs.map(({ told }) => told).filter((told) => told !== '')
  const verification = { ...settings, ...(secrets.length > 0 && { secrets }) }
  const graph = {
    // The same sample is sent again and again here, and each is to count.
    nodes: [{ id: 'hook', type: 'webhook', data: { config: { verification, dedupe: { key: 'none' } } } }],
    edges: [],
  }
  const made: Answer = await server.api('POST', '/api/workflows', { name, graph, publish: true })
  if (made.hook === undefined) throw new Error(`not published: ${JSON.stringify(made)}`)
  const { url } = made.hook
  const { pathname } = new URL(url)
  return {
    id: made.id,
    url,
    async send({ headers, query, body }) {
      const parameters = new URLSearchParams(query).toString()
      const response = await fetch(`${server.url}${pathname}${parameters === '' ? '' : `?${parameters}`}`, {
        method: 'POST',
        headers: { ...headers },
        body: new Uint8Array(body),
      })
      return { status: response.status, text: await response.text() }
    },
  }
}

describe.each(all)('$name', (way) => {
  const { pairs, coversBody, tolerance, direction, status } = way
  const [first, second, foreign] = pairs
  let place: Place
  beforeAll(async () => {
    place = await open(way, [first, second])
  })
  const now = () => Date.now()
  const right = (pair = first, atMs = now()) => way.deliver(pair, place.url, atMs)
  const refused = async (delivery: Delivery, what: string) => {
    const answer = await place.send(delivery)
    expect(answer.status, `${what}: ${answer.text}`).toBe(401)
  }

  test('lets in what its sender signs, with either of two secrets', async () => {
    for (const pair of [first, second]) {
      const answer = await place.send(await right(pair))
      expect(answer.status, answer.text).toBe(status)
    }
  })

  test('refuses what somebody else signs', async () => {
    await refused(await right(foreign), 'another secret')
  })

  test('refuses a request that lacks, repeats, cuts or stretches what proves it', async () => {
    const delivery = await right()
    const proofs = proofsOf(way, delivery)
    expect(proofs.length).toBeGreaterThan(0)
    for (const { name, with: changed } of proofs) {
      await refused(changed(undefined), `without ${name}`)
      await refused(changed(''), `${name} empty`)
      await refused(
        changed((text) => text.slice(0, -1)),
        `${name} cut by one`,
      )
      await refused(
        changed((text) => text.slice(0, Math.floor(text.length / 2))),
        `${name} cut in half`,
      )
      await refused(
        changed((text) => `${text}00`),
        `${name} with 00 at its end`,
      )
      await refused(
        changed((text) => `${text}, ${text}`),
        `${name} twice`,
      )
    }
  })

  const ofBodies = coversBody ? test : undefined
  ofBodies?.('refuses a body of which one byte changed', async () => {
    const delivery = await right()
    const { body } = delivery
    // In the middle of a word, so that the body still reads as what it was.
    const at = body.findIndex((byte, index) => index > body.length / 3 && byte >= 0x61 && byte < 0x7a)
    const changed = Buffer.from(body)
    changed[at] = (body[at] ?? 0) + 1
    await refused({ ...delivery, body: changed }, `byte ${at}`)
  })

  const ofTimes = tolerance === undefined ? undefined : test
  ofTimes?.('refuses what is older than its tolerance allows', async () => {
    const margin = 30
    await refused(await right(first, now() - ((tolerance ?? 0) + margin) * 1_000), 'old')
  })

  const ofFutures = direction === 'both' ? ofTimes : undefined
  ofFutures?.('refuses what comes from the future', async () => {
    const margin = 30
    await refused(await right(first, now() + ((tolerance ?? 0) + margin) * 1_000), 'from the future')
  })

  test('stores what it let in as verified, and nothing that it refused', async () => {
    const { items } = await server.api('GET', `/api/events?workflowId=${place.id}&limit=200`)
    expect(items.map(({ verified }: Answer) => verified)).toEqual([true, true])
    const names = providers.get(way.settings.scheme)?.type !== undefined
    for (const { type } of items) expect(type !== null && type !== '', `of the type ${type}`).toBe(names)
    const rejections = await server.api('GET', `/api/rejections?workflowId=${place.id}&limit=200`)
    expect(rejections.items.length).toBeGreaterThan(5)
    expect(new Set(rejections.items.map((each: Answer) => each.status))).toEqual(new Set([401]))
    for (const { told } of [first, second]) {
      if (told !== '') expect(JSON.stringify([items, rejections.items])).not.toContain(told)
    }
  })
})

type Change = ((text: string) => string) | '' | undefined

interface Proof {
  readonly name: string
  readonly with: (change: Change) => Delivery
}

/** The headers and parameters that a delivery bears beside those of its content; of others, the field of the body. */
function proofsOf({ settings }: Way, delivery: Delivery): readonly Proof[] {
  const { headers, query } = delivery
  const apply = (text: string, change: Change) =>
    change === undefined ? undefined : change === '' ? '' : change(text)
  const changed = (record: Readonly<Record<string, string>>, name: string, change: Change) => {
    const { [name]: text = '', ...others } = record
    const next = apply(text, change)
    return next === undefined ? others : { ...others, [name]: next }
  }
  const signing = Object.keys(headers).filter((name) => signatureHeader.test(name))
  if (signing.length > 0 || Object.keys(query).length > 0) {
    return [
      ...signing.map((name) => ({
        name,
        with: (change: Change) => ({ ...delivery, headers: changed(headers, name, change) }),
      })),
      ...Object.keys(query).map((name) => ({
        name,
        with: (change: Change) => ({ ...delivery, query: changed(query, name, change) }),
      })),
    ]
  }
  const field = fields[settings.scheme]
  if (field === undefined) throw new Error(`where does ${settings.scheme} show its proof?`)
  return [
    {
      name: `"${field}" in the body`,
      with: (change) => ({
        ...delivery,
        body: withField(delivery.body, field, (text) => apply(text, change)),
      }),
    },
  ]
}

/** Where those show it that show it in the body. */
const fields: Readonly<Partial<Record<string, string>>> = {
  adyen: 'hmacSignature',
  'aws-sns': 'Signature',
  braintree: 'bt_signature',
  figma: 'passcode',
  mailgun: 'signature',
  'microsoft-graph': 'clientState',
}

const signatureHeader =
  /signature|authorization|hmac|secret-token$|x-gitlab-token|api-key|-mac$|x-trello-webhook$|plaid-verification|transmission-sig|webhook-token/

function withField(body: Buffer, field: string, next: (text: string) => string | undefined): Buffer {
  const text = body.toString()
  if (!text.startsWith('{')) {
    const form = new URLSearchParams(text)
    const value = next(form.get(field) ?? '')
    if (value === undefined) form.delete(field)
    else form.set(field, value)
    return Buffer.from(form.toString())
  }
  const pattern = new RegExp(`"${field}":"((?:[^"\\\\]|\\\\.)*)"`, 'g')
  return Buffer.from(
    text.replaceAll(pattern, (_whole, value: string) => {
      const changed = next(value)
      return changed === undefined ? '"left":"out"' : `"${field}":"${changed}"`
    }),
  )
}
