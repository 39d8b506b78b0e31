/** Callers that hold a connection and send next to nothing, side by side with good ones. */
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { type Spoken, listenTo, openSocket } from '../support/raw-socket.ts'
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

interface Held extends Spoken {
  readonly heldMs: number
}

/** Opens a connection, says `begin`, then one more byte each second, until the server has enough of it. */
async function drip(begin: string, byte: string): Promise<Held> {
  const socket = await openSocket(server.url)
  const began = performance.now()
  if (begin !== '') socket.write(begin)
  const timer = byte === '' ? undefined : setInterval(() => socket.writable && socket.write(byte), 1_000)
  const spoken = await listenTo(socket, { answers: 0, withinMs: 20_000 })
  clearInterval(timer)
  return { ...spoken, heldMs: performance.now() - began }
}

/** Ended by the server after its ten seconds, at the latest a second and a slow machine's breath later. */
function expectTimedOut({ answers, closed, heldMs }: Held): void {
  expect(closed).toBe(true)
  expect(answers).toMatchObject([
    { status: 408, headers: { 'content-type': 'application/problem+json; charset=utf-8' } },
  ])
  expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({ status: 408 })
  expect(heldMs).toBeGreaterThan(9_000)
  expect(heldMs).toBeLessThan(15_000)
}

const line = (path: string) => `POST ${path} HTTP/1.1\r\nHost: x\r\n`

test.concurrent(
  'slowloris: 500 connections that send a header byte now and then, and 200 that send nothing, are ended after 10 s while good callers are answered at once',
  async () => {
    const slow = Array.from({ length: 500 }, () => drip(`${line(hook.path)}X: `, 'a'))
    const silent = Array.from({ length: 200 }, () => drip('', ''))
    const over = new AbortController()
    const ended = Promise.all([...slow, ...silent]).finally(() => over.abort())
    const answeredMs: number[] = []
    while (!over.signal.aborted) {
      const began = performance.now()
      const { status } = await fetch(`${server.url}${hook.path}`, { method: 'POST', body: '{}' })
      expect(status).toBe(200)
      answeredMs.push(performance.now() - began)
      await wait(50)
    }
    for (const each of await ended) expectTimedOut(each)
    const inOrder = answeredMs.toSorted((a, b) => a - b)
    expect(inOrder.length).toBeGreaterThan(50)
    expect(inOrder[Math.floor(inOrder.length / 2)]).toBeLessThan(250)
    expect(inOrder.at(-1)).toBeLessThan(2_000)
    // None of them came as far as a workflow.
    expect((await server.api('GET', `/api/rejections?workflowId=${hook.id}`)).items).toEqual([])
  },
)

test.concurrent(
  'a body that trickles in, or never comes, gets 408 after 10 s and is recorded; one that is only slow is accepted',
  async () => {
    const { id, path } = await publish(server, chain({}), 'Slow')
    const begin = `${line(path)}Content-Length: 100000\r\n\r\n{`
    const chunked = `${line(path)}Transfer-Encoding: chunked\r\n\r\n`
    const fine = await openSocket(server.url)
    const answered = listenTo(fine, { withinMs: 15_000 })
    fine.write(`${line(path)}Content-Length: 4\r\n\r\n{`)
    const held = Promise.all([drip(begin, ' '), drip(begin, ''), drip(chunked, '1\r\n \r\n')])
    await wait(5_000)
    fine.write(' } ')
    expect((await answered).answers).toMatchObject([{ status: 200 }])
    for (const each of await held) expectTimedOut(each)
    const { items } = await server.api('GET', `/api/rejections?workflowId=${id}`)
    const detail = 'The body did not come within 10 s. Send it again.'
    const late = { status: 408, reason: 'timeout', detail }
    expect(items).toMatchObject([late, late, late])
    expect((await server.api('GET', `/api/events?workflowId=${id}`)).items).toHaveLength(1)
  },
)
