/** A server, a target and the words in which tests of the API are written. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect } from 'vitest'
import { problemDocument } from '../../nodes/contract/api.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import {
  type Answer,
  type RunningServer,
  apiToken,
  eventually,
  removeDataDir,
  startServer,
} from '../support/server.ts'

export interface Asked {
  readonly status: number
  readonly headers: Headers
  readonly body: Answer
}

export interface World {
  readonly server: RunningServer
  /** Where it listens, also when its public URL is another. */
  readonly url: string
  readonly receiver: Receiver
  /** Calls the API; every refusal must be a problem document that reads well. */
  ask(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Asked>
  /** Makes a workflow, published unless it says otherwise. */
  make(graph: unknown, more?: Record<string, unknown>): Promise<Answer>
  /** Posts JSON to a workflow's hook; the id of the event. */
  post(workflow: Answer, body: unknown, headers?: Record<string, string>): Promise<string>
  /** The newest run of an event once it is in the state, with its steps. */
  run(eventId: string, state?: string): Promise<Answer>
  /** The same of a run's id. */
  runOf(runId: string, state: string): Promise<Answer>
  close(): Promise<void>
}

export async function openWorld(environment: Readonly<Record<string, string>> = {}): Promise<World> {
  const port = await freePort()
  const [server, receiver] = await Promise.all([startServer({ environment, port }), openReceiver()])
  const url = `http://127.0.0.1:${port}`
  const ask: World['ask'] = async (method, path, body, headers = {}) => {
    const asked = await request(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (asked.status >= 400 && method !== 'HEAD') readsWell(asked)
    return asked
  }
  const runOf: World['runOf'] = (id, state) =>
    eventually(
      async () => (await ask('GET', `/api/runs/${id}`)).body,
      (run) => run.state === state,
    )
  return {
    server,
    url,
    receiver,
    ask,
    runOf,
    async make(graph, more = {}) {
      const made = await ask('POST', '/api/workflows', { name: 'Test', graph, publish: true, ...more })
      expect(made.body).toMatchObject({ hook: {} })
      return made.body
    },
    async post({ hook }, body, headers = {}) {
      const response = await fetch(`${url}${new URL(hook.url).pathname}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      const answer: Answer = await response.json()
      expect(answer.id, JSON.stringify(answer)).toMatch(/^evt_/)
      return answer.id
    },
    async run(eventId, state = 'succeeded') {
      const { items } = await eventually(
        async () => (await ask('GET', `/api/runs?eventId=${eventId}`)).body,
        (list) => list.items[0]?.state === state,
      )
      return (await ask('GET', `/api/runs/${items[0].id}`)).body
    },
    async close() {
      await Promise.all([server.stop(), receiver.close()])
      await removeDataDir(server.dataDir)
    },
  }
}

/** Sends what it is told to, and reads JSON where it comes. */
export async function request(url: string, init: RequestInit): Promise<Asked> {
  const response = await fetch(url, init)
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== ''
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** RFC 9457, and a `detail` of whole sentences that could be read aloud. */
export function readsWell({ status, headers, body }: Asked): void {
  expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const problem = problemDocument.parse(body)
  expect(problem.type).toMatch(/^urn:hookloom:problem:[a-z-]+$/)
  expect(problem.status).toBe(status)
  expect(problem.title).not.toBe('')
  for (const text of [problem.detail, ...(problem.problems ?? []).map(({ message }) => message)]) {
    expect(text).not.toMatch(/undefined|\[object|Invalid input|NaN|null prototype|\n|\s{2}|\/server\/|\.ts\b/)
    expect(text.length).toBeLessThan(500)
  }
  expect(problem.detail).toMatch(/^[A-Z0-9"“].*[.!?]$/s)
}

/** What a problem says of itself, for `toMatchObject`. */
export const problem = (status: number, code: string, detail?: RegExp) => ({
  status,
  body: {
    type: `urn:hookloom:problem:${code}`,
    ...(detail && { detail: expect.stringMatching(detail) as string }),
  },
})

export const hook = (config: Readonly<Record<string, unknown>> = {}) => ({
  id: 'hook',
  type: 'webhook',
  data: { config },
})

/** Nodes one after the other, each leaving by its first port. */
export const chain = (...nodes: readonly { readonly id: string }[]) => ({
  nodes,
  edges: nodes.slice(1).map(({ id }, at) => ({ id: `e${at}`, source: nodes[at]?.id, target: id })),
})

export const node = (id: string, type: string, config: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type,
  data: { config },
})

/** Two attempts without a wait, so that a failure is final at once. */
export const promptRetry = { attempts: 2, schedule: [0, 0] }

export const send = (url: string, config: Readonly<Record<string, unknown>> = {}) =>
  node('send', 'http', { url, retry: promptRetry, ...config })

export const githubSignature = (secret: string, body: string): Record<string, string> => ({
  'x-github-event': 'push',
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
})
