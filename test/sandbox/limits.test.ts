import { describe, expect, test } from 'vitest'
import { codeOf, messageOf, openWorld, untilIdle, valueOf, within } from './world.ts'

const short = { timeoutMs: 300 }

describe('an evaluation', () => {
  test('that does not end is ended at its limit, which its error names', async () => {
    const world = openWorld()
    await world.jsonata('1')
    const since = performance.now()
    const ended = await world.script('for (;;);', { limits: short })
    expect(performance.now() - since).toBeGreaterThanOrEqual(300)
    expect(performance.now() - since).toBeLessThan(within(800))
    expect(codeOf(ended)).toBe('time-limit')
    expect(messageOf(ended)).toContain('300 ms')
  })

  test('that ignores the timeout of its isolate is ended with its process, and the core is idle within a second', async () => {
    const world = openWorld()
    await world.jsonata('1')
    const [before] = world.sandbox.pids
    const ended = await world.script('Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)', {
      limits: short,
    })
    expect(codeOf(ended)).toBe('time-limit')
    await untilIdle(() => world.sandbox.pids, within(1_000))
    expect(world.sandbox.pids).not.toContain(before)
    expect(valueOf(await world.jsonata('1 + 1'))).toBe(2)
  })

  test('that runs out of memory is told its limit', { timeout: 60_000 }, async () => {
    const { script, jsonata } = openWorld()
    const limits = { timeoutMs: 20_000, memoryMb: 32 }
    for (const source of [
      'const a = []; for (;;) a.push({ x: 1 })',
      'const a = []; for (;;) a.push(new Uint8Array(1e6).fill(1))',
      "let s = 'x'.repeat(1e6); const a = []; for (;;) a.push((s + a.length).split('').join('-'))",
    ]) {
      const ended = await script(source, { limits })
      expect(codeOf(ended), source).toBe('memory-limit')
    }
    const ended = await jsonata('$map([1..9999999], function($v) { $string($v) })', { limits })
    expect(codeOf(ended)).toBe('memory-limit')
    expect(messageOf(ended)).toContain('32 MB')
  })

  test('that waits for a promise that nothing can settle ends at once and keeps its log', async () => {
    const { script } = openWorld()
    await script('return 1')
    const since = performance.now()
    const ended = await script('console.log("here"); await new Promise(() => {})', {
      limits: { timeoutMs: 20_000 },
    })
    expect(performance.now() - since).toBeLessThan(5_000)
    expect(ended).toMatchObject({ ok: false, error: { code: 'time-limit' }, logs: [{ text: 'here' }] })
    expect(messageOf(ended)).toContain('nothing can settle')
  })

  test('that was stopped keeps the log that it wrote before', async () => {
    const { script } = openWorld()
    const ended = await script('console.log("here"); for (;;);', { limits: short })
    expect(ended).toMatchObject({
      ok: false,
      error: { code: 'time-limit' },
      logs: [{ level: 'info', text: 'here' }],
    })
  })

  test('that recurses without end fails by itself', async () => {
    const { script, jsonata } = openWorld()
    expect(messageOf(await script('function f() { return f() + 1 }\nreturn f()'))).toMatch(
      /^line 1, column \d+: RangeError/,
    )
    const deep = await jsonata('($f := function($n) { 1 + $f($n + 1) }; $f(0))')
    expect(['expression-error', 'time-limit', 'memory-limit']).toContain(codeOf(deep))
  })

  test('whose output is too long is refused, and one that just fits is not', async () => {
    const { script, jsonata, template } = openWorld()
    const limits = { outputBytesMax: 1_000 }
    for (const run of [
      (length: number) => script(`return "€".repeat(${length})`, { limits }),
      (length: number) => jsonata(`$pad("", ${length}, "€")`, { limits }),
      (length: number) => template(`{{ $pad("", ${length}, "€") }}`, { limits }),
    ]) {
      expect(codeOf(await run(332))).toBe('ok')
      const refused = await run(333)
      expect(codeOf(refused)).toBe('output-limit')
      expect(messageOf(refused)).toContain('1000 bytes')
    }
    expect(codeOf(await script('return "x".repeat(2 ** 24)', { limits }))).toBe('output-limit')
  })

  test('that floods its log is cut, with a last line that says so', async () => {
    const { script } = openWorld()
    const { ok, logs } = await script(
      'for (let i = 0; i < 100000; i++) console.log("€".repeat(100), i); return 1',
      {
        limits: { logBytesMax: 10_000 },
      },
    )
    expect(ok).toBe(true)
    expect(logs.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)).toBeLessThanOrEqual(10_000)
    expect(logs.length).toBeGreaterThan(25)
    expect(logs.at(-1)).toEqual({
      level: 'warn',
      text: '… the log ends here: it reached its limit of 10000 bytes.',
    })
    const empty = await script('for (let i = 0; i < 1e6; i++) console.log(""); return 1')
    expect(empty.logs.length).toBeLessThan(300_000)
  })

  test('takes a message of several megabytes', async () => {
    const { jsonata, script } = openWorld()
    const message = Array.from({ length: 50_000 }, (_, n) => ({
      n,
      text: 'some text that is long enough to count',
    }))
    expect(valueOf(await jsonata('$count($)', { message }))).toBe(50_000)
    expect(valueOf(await script('return message.length', { message }))).toBe(50_000)
  })

  test('given up by its caller resolves as cancelled, and the core is idle within a second', async () => {
    const { sandbox, script, jsonata } = openWorld()
    await jsonata('1')
    const controller = new AbortController()
    const { signal } = controller
    const running = script('for (;;);', { signal, limits: { timeoutMs: 20_000 } })
    setTimeout(() => controller.abort(), 100)
    expect(codeOf(await running)).toBe('cancelled')
    expect(codeOf(await jsonata('1', { signal }))).toBe('cancelled')
    await untilIdle(() => sandbox.pids, within(1_000))
    expect(valueOf(await jsonata('2'))).toBe(2)
  })

  test('in hand when the sandbox is closed resolves as cancelled', async () => {
    const { sandbox, script, jsonata } = openWorld()
    await jsonata('1')
    const running = [script('for (;;);'), jsonata('1'), jsonata('2', { workflowId: 'wf_two' })]
    await sandbox.close()
    expect((await Promise.all(running)).map(codeOf)).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(sandbox.pids).toEqual([])
    expect(codeOf(await jsonata('1'))).toBe('cancelled')
  })
})
