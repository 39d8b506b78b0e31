/** Requests that lie about themselves, and connections that are kept, shared or ended: who is answered what, and in which order. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { expectProblems } from '../support/problems.ts'
import { listenTo, openSocket, postBytes, speak } from '../support/raw-socket.ts'
import { type RunningServer, removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
let hook: { readonly id: string; readonly path: string }

beforeAll(async () => {
  server = await startServer()
  hook = await publish(server, chain({}), 'Open')
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

const counts = async () => {
  const { accepted, rejected } = await server.api('GET', '/api/balance')
  return { accepted, rejected } as { readonly accepted: number; readonly rejected: number }
}
const post = (headers: string, body: string | Uint8Array, path = hook.path) => postBytes(path, headers, body)

test('a Content-Length that is too long gets 400 and is no event; one that is too short is believed, and ends the connection', async () => {
  const before = await counts()
  const long = await speak(server.url, post('Content-Length: 50\r\n', '{}'), { end: true })
  expect(long.answers.map(({ status }) => status)).toEqual([400])
  expect(await counts()).toEqual(before)
  const short = await speak(server.url, post('Content-Length: 2\r\n', '{}{"and":"more"}'), { answers: 0 })
  expect([short.answers[0]?.status, short.closed]).toEqual([200, true])
  expect(await counts()).toEqual({ ...before, accepted: before.accepted + 1 })
})

test('an answer that is under way is not mixed with the refusal of what comes after it', async () => {
  const valid = post('Content-Length: 2\r\n', '{}').toString()
  const { answers, closed } = await speak(server.url, `${valid}${valid}BREW / HTTP/9\r\n\r\n`, { answers: 0 })
  expect(answers.slice(0, 2).map(({ status }) => status)).toEqual([200, 200])
  expectProblems(answers.slice(2))
  expect(closed).toBe(true)
})

/** How many requests the parser has refused. */
async function unread(): Promise<number> {
  const { body } = await server.call('GET', '/metrics')
  const counted = /^hookloom_rejections_total\{workflow="unknown",reason="bad-request"\} (\d+)$/m.exec(body)
  return Number(counted?.[1])
}

test('what comes behind a request that still waits for its workflow is refused once, and does not hide its answer', async () => {
  const graph = chain({ answer: 'workflow' }, ['delay', { for: 1 }], ['respond', { body: 'late' }])
  const { path } = await publish(server, graph, 'Late')
  const before = await unread()
  const socket = await openSocket(server.url)
  const heard = listenTo(socket, { answers: 0 })
  socket.write(Buffer.concat([post('Content-Length: 2\r\n', '{}', path), Buffer.from('BREW / x\r\n\r\n')]))
  for (let piece = 0; piece < 15; piece += 1) {
    await wait(50)
    if (socket.writable) socket.write('BREW / x\r\n\r\n')
  }
  expect(await heard).toMatchObject({ answers: [{ status: 200, body: 'late' }], closed: true })
  expect(await unread()).toBe(before + 1)
  expect(server.output()).not.toContain('MaxListeners')
})

test('a caller that offers another protocol is answered in this one', async () => {
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n'
  const { answers } = await speak(server.url, post(`${offer}Content-Length: 7\r\n`, '{"a":1}'))
  expect(answers).toMatchObject([{ status: 200 }])
  const { items } = await server.api('GET', `/api/events?workflowId=${hook.id}&limit=1`)
  expect(items).toMatchObject([{ bodyBytes: 7 }])
})

test('a thousand headers get 431: recorded where they could be read, not where the parser gave up', async () => {
  const before = await counts()
  const thousand = await speak(server.url, post(`${'a: b\r\n'.repeat(1_000)}Content-Length: 2\r\n`, '{}'))
  expect(thousand.answers).toMatchObject([{ status: 431 }])
  expectProblems(thousand.answers)
  expect(await counts()).toEqual({ ...before, rejected: before.rejected + 1 })
  const rejections = await server.api('GET', `/api/rejections?workflowId=${hook.id}&limit=1`)
  expect(rejections.items).toMatchObject([{ status: 431, reason: 'headers-too-large' }])
  const tooMany = await speak(server.url, post(`${'a: b\r\n'.repeat(5_000)}Content-Length: 2\r\n`, '{}'))
  expect(tooMany.answers).toMatchObject([{ status: 431 }])
  expectProblems(tooMany.answers)
  expect(await counts()).toEqual({ ...before, rejected: before.rejected + 1 })
})

test.each(['DELETE', 'PROPFIND', 'TRACE', 'OPTIONS', 'GET', 'QUERY'])(
  '%s gets 405 with the methods that are taken, and is recorded',
  async (method) => {
    const before = await counts()
    const bytes = `${method} ${hook.path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
    const { answers } = await speak(server.url, bytes)
    expect(answers).toMatchObject([{ status: 405, headers: { allow: 'POST, PUT, PATCH' } }])
    expectProblems(answers)
    expect(await counts()).toEqual({ ...before, rejected: before.rejected + 1 })
  },
)

test('a method that HTTP does not know gets 400, without a record', async () => {
  const before = await counts()
  const { answers, closed } = await speak(server.url, `BREW ${hook.path} HTTP/1.1\r\nHost: x\r\n\r\n`, {
    answers: 0,
  })
  expect([answers.map(({ status }) => status), closed]).toEqual([[400], true])
  expect(await counts()).toEqual(before)
})

test('an unknown token gets 404, without a record', async () => {
  const before = await counts()
  const { answers } = await speak(server.url, post('Content-Length: 2\r\n', '{}', '/hooks/nobody-has-it'))
  expect(answers).toMatchObject([{ status: 404 }])
  expectProblems(answers)
  expect(await counts()).toEqual(before)
})

test('a caller that reads only after it has sent everything is told why nobody wanted it', async () => {
  const body = Buffer.alloc(20_000_000, ' ')
  const chunks = Buffer.concat([Buffer.from('1312d00\r\n'), body, Buffer.from('\r\n0\r\n\r\n')])
  for (const [status, bytes] of [
    [413, post('Content-Length: 20000000\r\n', body)],
    [413, post('Transfer-Encoding: chunked\r\n', chunks)],
    [431, post(`${'a: b\r\n'.repeat(300)}Content-Length: 20000000\r\n`, body)],
    [404, post('Content-Length: 20000000\r\n', body, '/hooks/nobody-has-it')],
  ] as const) {
    const { answers } = await speak(server.url, bytes, { readsLast: true })
    expect(answers).toMatchObject([{ status }])
    expectProblems(answers)
  }
})
