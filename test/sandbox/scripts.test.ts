import { describe, expect, test } from 'vitest'
import { codeOf, messageOf, openWorld, valueOf } from './world.ts'

describe('a script', () => {
  test('is the body of an async function of the message, the event and the steps', async () => {
    const { script } = openWorld()
    const source =
      'const n = await Promise.resolve(message.n)\nreturn { n: n + 1, type: event.type, status: steps.fetch.status }'
    const bindings = { event: '{"type":"push"}', steps: '{"fetch":{"status":200}}' }
    expect(valueOf(await script(source, { message: { n: 1 }, bindings }))).toEqual({
      n: 2,
      type: 'push',
      status: 200,
    })
  })

  test('that returns nothing gives null', async () => {
    const { script } = openWorld()
    expect(valueOf(await script('message.a', { message: {} }))).toBe(null)
    expect(valueOf(await script('return undefined'))).toBe(null)
  })

  test('writes to the log of its step, objects as JSON', async () => {
    const { script } = openWorld()
    const source = [
      'console.debug("a", 1, null, undefined)',
      'console.log({ a: [1] }, "b")',
      'console.info(true)',
      'console.warn(new TypeError("odd").message)',
      'const a = {}; a.a = a',
      'console.error(a, () => 1)',
      'return 1',
    ].join('\n')
    const { logs } = await script(source)
    expect(logs).toEqual([
      { level: 'debug', text: 'a 1 null undefined' },
      { level: 'info', text: '{"a":[1]} b' },
      { level: 'info', text: 'true' },
      { level: 'warn', text: 'odd' },
      { level: 'error', text: '[a value that JSON cannot hold] () => 1' },
    ])
  })

  test('cannot forge or colour lines of a log', async () => {
    const { script } = openWorld()
    const { logs } = await script('console.log("a\\r\\u001b[31mred\\u0000\\u2028\\u202e")')
    expect(logs).toEqual([{ level: 'info', text: 'a\\u000d\\u001b[31mred\\u0000\\u2028\\u202e' }])
  })

  test('that throws says what and in which line, and keeps its log', async () => {
    const { script } = openWorld()
    const failed = await script('console.log("before")\n\nawait 0\nmessage.a.b.c')
    expect(failed).toMatchObject({ ok: false, error: { code: 'script-error' }, logs: [{ text: 'before' }] })
    expect(messageOf(failed)).toMatch(/^line 4, column \d+: TypeError: Cannot read properties of null/)
    expect(messageOf(await script('throw new Error("mine")'))).toBe('line 1, column 7: Error: mine')
    expect(messageOf(await script('throw "text"'))).toBe('the script threw text')
    expect(messageOf(await script('return Promise.reject(null)'))).toBe('the script threw null')
  })

  test('that does not parse says where', async () => {
    const { script } = openWorld()
    expect(await script('return 1 +* 2')).toMatchObject({ ok: false, error: { code: 'does-not-parse' } })
    expect(messageOf(await script('\nreturn 1 +* 2'))).toMatch(/^line 2, column 11: /)
  })

  test('that returns what JSON cannot hold is refused', async () => {
    const { script } = openWorld()
    for (const source of [
      'return () => 1',
      'return { a: { f() {} } }',
      'return 1n',
      'return [Symbol("x")]',
      'const a = {}; a.a = a; return a',
    ]) {
      expect(codeOf(await script(source)), source).toBe('not-json')
    }
    expect(valueOf(await script('return new Date(0)'))).toBe('1970-01-01T00:00:00.000Z')
  })

  test('has the language and nothing else', async () => {
    const { script } = openWorld()
    const names =
      'process require module global window self fetch setTimeout setInterval queueMicrotask performance SharedArrayBuffer Atomics WebAssembly WeakRef FinalizationRegistry Buffer log ivm'
    const found = `return [${names
      .split(' ')
      .map((name) => `typeof ${name}`)
      .join(', ')}]`
    expect(new Set(valueOf(await script(found)) as string[])).toEqual(new Set(['undefined']))
    expect(codeOf(await script('return import("node:fs")'))).toBe('script-error')
    const harness =
      'return Object.getOwnPropertyNames(globalThis).filter((name) => /harness|ivm|isolate/i.test(name))'
    expect(valueOf(await script(harness))).toEqual([])
  })

  test('has no clock finer than a millisecond', async () => {
    const { script } = openWorld()
    const source =
      'const seen = []; for (let i = 0; i < 1000; i++) seen.push(Date.now() % 1); return Math.max(...seen)'
    expect(valueOf(await script(source))).toBe(0)
  })

  test('has atob and btoa', async () => {
    const { script } = openWorld()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
    for (let length = 0; length < 8; length += 1) {
      const message = bytes.subarray(0, length + 200).toString('base64')
      expect(valueOf(await script('return btoa(atob(message))', { message }))).toBe(message)
    }
    expect(codeOf(await script('return btoa("€")'))).toBe('script-error')
    expect(codeOf(await script('return atob("a=b")'))).toBe('script-error')
  })

  test('may change the objects of its own world', async () => {
    const { script } = openWorld()
    const source =
      'Array.prototype.last = function () { return this.at(-1) }\nclass A {}\nA.prototype.toString = () => "mine"\nreturn [[1, 2].last(), String(new A())]'
    expect(valueOf(await script(source))).toEqual([2, 'mine'])
  })

  test('whose promise was rejected and never looked at fails', async () => {
    const { script } = openWorld()
    expect(await script('Promise.reject(new Error("dangling")); return 1')).toMatchObject({
      ok: false,
      error: { code: 'script-error', message: 'dangling' },
    })
  })

  test('that bends the objects under its result gives JSON or an error', async () => {
    const { script } = openWorld()
    for (const source of [
      'JSON.stringify = () => "not json"; JSON.parse = () => 1; return { a: 1 }',
      'String.prototype.slice = () => "{"; return { a: 1 }',
      'Object.prototype.toJSON = () => 7; return { a: 1 }',
      'Array.prototype.toJSON = () => "x"; return { a: 1 }',
      'Promise.prototype.then = () => 1; return { a: 1 }',
      'Object.prototype.length = 5; return { a: 1 }',
    ]) {
      const evaluated = await script(source)
      if (evaluated.ok) JSON.parse(evaluated.value)
      expect(['ok', 'script-error', 'time-limit']).toContain(codeOf(evaluated))
      expect(valueOf(await script('return 1'))).toBe(1)
    }
  })
})
