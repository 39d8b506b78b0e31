import { runInNewContext } from 'node:vm'
import jsonata from 'jsonata'
import type { CallerAnswer, EventView, HttpRequest, NodeContext } from '../../nodes/contract/context.ts'
import type { HttpAnswer } from '../../nodes/contract/context.ts'
import { isJsonObject, type Json } from '../../nodes/contract/json.ts'

/** An event as the tests see it where they say nothing else. */
export const eventOf = (parts: Partial<EventView> = {}): EventView => ({
  id: 'evt_00000000000000000000000000',
  method: 'POST',
  path: '/hooks/x',
  query: {},
  headers: {},
  body: null,
  rawBody: '',
  receivedAt: '2026-11-22T09:30:00.000Z',
  ip: '192.0.2.1',
  type: null,
  version: null,
  params: {},
  verified: true,
  ...parts,
})

export interface World {
  readonly input?: Json
  readonly event?: EventView
  readonly signal?: AbortSignal
  readonly now?: Date
  /** What the target answers, in turn. */
  readonly answers?: readonly (Partial<HttpAnswer> & { readonly status: number })[]
}

/** A context with real JSONata and JavaScript, a target that answers as told, and a record of what left. */
export function contextOf(world: World = {}) {
  const { input = null, event = eventOf({ body: input }), now = new Date('2026-11-22T09:30:00Z') } = world
  const signal = world.signal ?? new AbortController().signal
  const answers = [...(world.answers ?? [])]
  const requests: HttpRequest[] = []
  const responses: CallerAnswer[] = []
  let calls = 0
  const called = () => {
    calls += 1
    signal.throwIfAborted()
  }
  const value = async (source: string, over: Json): Promise<Json> => {
    called()
    const found: unknown = await jsonata(source).evaluate(structuredClone(over), {
      event: structuredClone(event),
    })
    return JSON.parse(JSON.stringify(found ?? null)) as Json
  }
  const context: NodeContext = {
    input,
    inputJson: JSON.stringify(input),
    event,
    steps: {},
    signal,
    now: () => now,
    evaluate: (expression, over = input) => value(expression, over),
    holds: async (condition, over = input) => (await value(`$boolean((${condition}))`, over)) === true,
    script: async (code) => {
      called()
      const sandbox = { message: structuredClone(input), event: structuredClone(event), steps: {} }
      const found: unknown = await runInNewContext(`(async () => {${code}\n})()`, sandbox, { timeout: 1_000 })
      return JSON.parse(JSON.stringify(found ?? null)) as Json
    },
    http: async (request) => {
      called()
      requests.push(request)
      const answer = answers.shift()
      if (answer === undefined) throw new Error('The target was called once more than it has answers.')
      return { headers: {}, ...answer, body: parsed(answer.body ?? '') }
    },
    respond: (answer) => void responses.push(answer),
  }
  return { context, requests, responses, calls: () => calls }
}

function parsed(body: Json): Json {
  if (typeof body !== 'string') return body
  try {
    return JSON.parse(body) as Json
  } catch {
    return body
  }
}

/** Freezes a value through and through, so that whoever writes to it fails. */
export function deepFreeze<T extends Json>(value: T): T {
  if (Array.isArray(value) || isJsonObject(value)) {
    for (const part of Object.values(value)) deepFreeze(part as Json)
    Object.freeze(value)
  }
  return value
}
