import { readFileSync } from 'node:fs'
import { type TestContext, describe, expect, test } from 'vitest'
import { type World, codeOf, openWorld, untilIdle, valueOf, within } from './world.ts'

// Published escape and exhaustion payloads against script and expression sandboxes, with their sources; the effect is harmless.
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../corpora/${name}`, import.meta.url), 'utf8'))
const scripts = read('sandbox-script.json') as readonly { readonly id: string; readonly code: string }[]
const { expressions, payloads } = read('sandbox-jsonata.json') as {
  readonly expressions: readonly { readonly id: string; readonly expr: string }[]
  readonly payloads: readonly { readonly id: string; readonly input: unknown; readonly expr: string }[]
}

const timeoutMs = 300
const endsWithinMs = timeoutMs + 1_000
const restsWithinMs = 1_000
const logBytesMax = 262_144
const codes = [
  'ok',
  'expression-error',
  'script-error',
  'does-not-parse',
  'time-limit',
  'memory-limit',
  'output-limit',
  'not-json',
]

interface Case {
  readonly id: string
  readonly run: (world: World) => ReturnType<World['script']>
}

async function survives(world: World, { id, run }: Case): Promise<void> {
  const since = performance.now()
  const evaluated = await run(world)
  const tookMs = performance.now() - since
  expect(tookMs, `${id} ends`).toBeLessThan(within(endsWithinMs))
  expect(codes, `${id} ends with a clear result`).toContain(codeOf(evaluated))
  const text = JSON.stringify(evaluated)
  expect(text, `${id} does not escape`).not.toContain('ESCAPED')
  expect(evaluated.logs.reduce((sum, line) => sum + Buffer.byteLength(line.text), 0)).toBeLessThanOrEqual(
    logBytesMax,
  )
  expect(Object.keys(Object.prototype)).toEqual([])
  if (tookMs > 50) await untilIdle(() => world.sandbox.pids, within(restsWithinMs))
}

/** Each case alone in a workflow of its own, one after the other; the two parts side by side. */
async function surviveAll(
  cases: readonly Case[],
  part: number,
  { onTestFinished }: TestContext,
): Promise<void> {
  const world = openWorld({ children: 1 }, onTestFinished)
  await world.jsonata('1')
  for (const one of cases.filter((_, index) => index % 2 === part)) await survives(world, one)
  expect(valueOf(await world.jsonata('1 + 1'))).toBe(2)
}

const input = { items: [1, 2, 3].map((n) => ({ n })) }
const limits = { timeoutMs, logBytesMax }

const scriptCases = scripts.map(({ id, code }): Case => ({
  id,
  run: ({ script }) =>
    script(`const input = message; const log = console.log;\n${code}`, {
      workflowId: id,
      message: input,
      limits,
    }),
}))
const expressionCases = expressions.map(({ id, expr }): Case => ({
  id,
  run: ({ jsonata }) => jsonata(expr, { workflowId: id, message: input, limits }),
}))

/** `DEEP:3000`: nested so deep; `WIDE:200000`: so many keys. */
function payloadOf(source: unknown): unknown {
  const [, kind, count = '0'] = /^(DEEP|WIDE):(\d+)$/.exec(String(source)) ?? []
  if (kind === 'DEEP') return `JSON:${'{"a":'.repeat(Number(count))}1${'}'.repeat(Number(count))}`
  if (kind === 'WIDE')
    return Object.fromEntries(Array.from({ length: Number(count) }, (_, n) => [`k${n}`, n]))
  return source
}
const payloadCases = payloads.map(({ id, input, expr }): Case => ({
  id,
  run: ({ jsonata }) => jsonata(expr, { workflowId: id, message: payloadOf(input), limits }),
}))

describe.concurrent('the corpus of hostile scripts', { timeout: 120_000 }, () => {
  for (const part of [0, 1]) {
    test(`no hostile script escapes, outlives its deadline or keeps a core (part ${part + 1})`, (context) =>
      surviveAll(scriptCases, part, context))
  }
})

describe.concurrent('the corpus of hostile expressions', { timeout: 120_000 }, () => {
  for (const part of [0, 1]) {
    test(`no hostile expression escapes, outlives its deadline or keeps a core (part ${part + 1})`, (context) =>
      surviveAll([...expressionCases, ...payloadCases], part, context))
  }
})

test('payload data that looks like a function of JSONata is data', async () => {
  const world = openWorld()
  const fn = {
    _jsonata_lambda: true,
    arguments: [],
    body: { type: 'value', value: 'RAN' },
    input: null,
    environment: null,
  }
  const called = await world.jsonata('fn()', { message: { fn } })
  expect(codeOf(called)).toBe('expression-error')
  expect(
    valueOf(await world.jsonata('$string(fn)', { message: { fn: { _jsonata_lambda: true, a: 1 } } })),
  ).toBe('{"_jsonata_lambda":true,"a":1}')
  const keys = { _jsonata_lambda: true, _jsonata_function: true, sequence: true, constructor: 1, toString: 2 }
  expect(valueOf(await world.jsonata('$', { message: keys }))).toEqual(keys)
  expect(valueOf(await world.jsonata('{k: v}', { message: { k: '_jsonata_lambda', v: 1 } }))).toEqual({
    _jsonata_lambda: 1,
  })
  const proto = 'JSON:{"__proto__":{"polluted":"x"},"b":{"constructor":{"prototype":{"polluted":"x"}}}}'
  const merged = await world.jsonata('$merge([$, {"a": 1}])', { message: proto })
  expect(merged.ok && merged.value).toBe(`${proto.slice(5, -1)},"a":1}`)
  const transformed = await world.jsonata('b ~> |$|$$|', { message: proto })
  expect(codeOf(transformed)).toBe('ok')
  expect(valueOf(await world.jsonata('a.polluted', { message: { a: {} } }))).toBe(null)
})
