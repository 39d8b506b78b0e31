/**
 * Raw bytes that no client sends, each over a connection of its own, at a real server. The cases and what is right are those
 * of `corpora/bad-http.json` (smuggling, request lines, hosts, floods, encodings, content types).
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { expectProblems } from '../support/problems.ts'
import { residentBytes } from '../support/processes.ts'
import { type Spoken, openSocket, postBytes, speak } from '../support/raw-socket.ts'
import { type RunningServer, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

interface Case {
  readonly id: string
  readonly raw_latin1?: string
  readonly expect: string
}
const cases = JSON.parse(
  readFileSync(new URL('../corpora/bad-http.json', import.meta.url), 'utf8'),
) as readonly Case[]

let server: RunningServer
let hook: { readonly id: string; readonly path: string }
let residentBefore = 0

beforeAll(async () => {
  server = await startServer()
  hook = await publish(server, chain({}), 'Open')
  for (let n = 0; n < 50; n += 1) expect(await callWell()).toBe(200)
  residentBefore = residentBytes(server.process.pid ?? 0)
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

const callWell = async (): Promise<number> =>
  (await fetch(`${server.url}${hook.path}`, { method: 'POST', body: '{}' })).status

const counts = async () => {
  const { accepted, rejected } = await server.api('GET', '/api/balance')
  return { accepted, rejected } as { readonly accepted: number; readonly rejected: number }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n)
const anyRefusal = [...range(400, 431), 501]

/** What `expect` allows, in numbers. */
function allowed({ id, raw_latin1: raw = '', expect: words }: Case): readonly number[] {
  if (id === 'enc-3') return [200]
  if (id === 'ctype-11') return [400]
  if (words.startsWith('400 unless the value is plain digits')) {
    return /^Content-Length: *\d+ *\r$/m.test(raw) ? [200] : [400]
  }
  const [, statuses] = Object.entries(meanings).find(([start]) => words.startsWith(start)) ?? []
  if (statuses === undefined) throw new Error(`what does "${words}" allow?`)
  return statuses
}

/**
 * By the beginning of the corpus's words. Two cases are answered otherwise than the corpus has it, on purpose: `enc-3`
 * (`Content-Encoding: identity` means that nothing is encoded, RFC 2616 3.5, so it is read) and `ctype-11` (JSON that is sent
 * as XML is malformed XML, which is 400 here like malformed JSON, and not a type that is unknown).
 */
const meanings: Readonly<Record<string, readonly number[]>> = {
  '400 or decoded': [200, 400],
  '400': [400],
  'either decoded as chunked': [200, 400, 501],
  'two responses in order': [200],
  'closed after one answer': [200],
  '100 then final': [200],
  'one 4xx/405/414/501 or the same hook': [200, ...anyRefusal],
  'URL-signing schemes': [200, 400],
  '431': [431],
  'no pollution': [200],
  'answered or 431': [200, 431],
  'decoded or 415': [200, 415],
  '415 or 400': [400, 415],
  'accepted as raw, or 415': [200, 415],
  // The length that it names cuts the JSON off.
  'the payload is data': [400],
}

const finals = ({ answers }: Spoken) => answers.filter(({ status }) => status >= 200)

for (const each of cases.filter(({ raw_latin1: raw }) => raw !== undefined)) {
  const { id, raw_latin1: raw = '', expect: words } = each
  const isPipelined = id === 'pipelined'
  const mustClose = words.includes('closed')

  test(`${id}: ${words}`, async () => {
    const before = await counts()
    const spoken = await speak(server.url, raw.replaceAll('/hooks/abc', hook.path), {
      // The body of chunk-7 is never whole; everything else is, or is refused before.
      end: id === 'chunk-7',
      answers: mustClose ? 0 : isPipelined ? 2 : 1,
      withinMs: 3_000,
    })
    const statuses = finals(spoken).map(({ status }) => status)
    expect(statuses).toHaveLength(isPipelined ? 2 : 1)
    for (const status of statuses) expect(allowed(each)).toContain(status)
    expectProblems(finals(spoken))
    if (mustClose) expect(spoken.closed).toBe(true)
    const accepted = (await counts()).accepted - before.accepted
    const events = finals(spoken).filter(({ body }) => body.startsWith('{"id":"evt_'))
    expect(accepted).toBe(events.length)
    expect(server.process.exitCode).toBe(null)
  })
}

const post = (headers: string, body: string | Uint8Array) => postBytes(hook.path, headers, body)

test('gzip-bomb-64m, gzip-bomb-10g: a body that unpacks beyond the limit gets 413, however small it came', async () => {
  const zeros = gzipSync(Buffer.alloc(64 * 1_024 * 1_024), { level: 9 })
  // Members on end, each a bomb: 4 MB that would become 4 GB.
  const members = Buffer.concat(Array.from({ length: 64 }, () => zeros))
  for (const body of [zeros, members]) {
    const headers = `Content-Encoding: gzip\r\nContent-Length: ${body.length}\r\n`
    const began = performance.now()
    const [answer] = (await speak(server.url, post(headers, body))).answers
    expect(answer).toMatchObject({ status: 413 })
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ reason: 'too-large' })
    expect(performance.now() - began).toBeLessThan(2_000)
  }
})

test('gzip-nested: is unpacked once only', async () => {
  const inner = gzipSync('{"a":1}')
  const body = gzipSync(inner)
  const headers = `Content-Type: application/octet-stream\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n`
  const [answer] = (await speak(server.url, post(headers, body))).answers
  const { id } = JSON.parse(answer?.body ?? '') as { readonly id: string }
  const stored = await fetch(`${server.url}/api/events/${id}/body`, {
    headers: { authorization: 'Bearer test-token-0123456789abcdef' },
  })
  expect(Buffer.from(await stored.arrayBuffer()).equals(inner)).toBe(true)
})

test('half-close: a caller that ends after the headers gets 400 or nothing, and leaves no event', async () => {
  const before = await counts()
  const spoken = await Promise.all(
    range(1, 100).map(() => speak(server.url, post('Content-Length: 10\r\n', '{'), { end: true })),
  )
  for (const each of spoken) {
    expect(each.answers.map(({ status }) => status).filter((status) => status !== 400)).toEqual([])
    expectProblems(each.answers)
  }
  expect(await counts()).toEqual(before)
})

test('rst-mid-body: a caller that breaks off in the middle of the body leaves neither event nor rejection', async () => {
  const before = await counts()
  for (const _batch of range(1, 10)) {
    await Promise.all(
      range(1, 50).map(async () => {
        const socket = await openSocket(server.url)
        await new Promise((sent) => socket.write(post('Content-Length: 10000\r\n', 'x'.repeat(5_000)), sent))
        socket.resetAndDestroy()
      }),
    )
  }
  expect(await callWell()).toBe(200)
  expect(await counts()).toEqual({ ...before, accepted: before.accepted + 1 })
})

test('connection-churn, slow-read: connections that come and go, or never read their answer, leave the door open', async () => {
  const unread = await Promise.all(
    range(1, 200).map(async () => {
      const socket = await openSocket(server.url)
      socket.pause().write(post('Content-Length: 2\r\n', '{}'))
      return socket
    }),
  )
  for (const _batch of range(1, 20)) {
    const churned = await Promise.all(range(1, 50).map(() => openSocket(server.url)))
    for (const socket of churned) socket.destroy()
  }
  const began = performance.now()
  expect(await callWell()).toBe(200)
  expect(performance.now() - began).toBeLessThan(1_000)
  for (const socket of unread) socket.destroy()
})

test.runIf(process.platform === 'linux')(
  'after all this it runs, answers, and has grown by less than 100 MB',
  async () => {
    expect(await callWell()).toBe(200)
    expect(server.process.exitCode).toBe(null)
    const grownBytes = residentBytes(server.process.pid ?? 0) - residentBefore
    expect(grownBytes).toBeLessThan(100_000_000)
  },
)
