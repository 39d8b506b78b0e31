import { spawn } from 'node:child_process'
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { isAlive, openWorld, valueOf } from './world.ts'

describe('what an evaluation leaves behind', () => {
  test('a script does not see what another one did to its world, in its own workflow or elsewhere', async () => {
    const { script } = openWorld()
    const source = `const seen = [globalThis.left ?? null, Array.prototype.left ?? null, String(JSON.stringify).includes('native'), typeof Map]
      globalThis.left = 1
      Array.prototype.left = 2
      JSON.stringify = () => 'x'
      delete globalThis.Map
      return seen`
    for (const workflowId of ['wf_a', 'wf_a', 'wf_b', 'wf_a']) {
      expect(valueOf(await script(source, { workflowId }))).toEqual([null, null, true, 'function'])
    }
  })

  test('an expression does not see the variables or the message of another one', async () => {
    const { jsonata } = openWorld()
    for (const workflowId of ['wf_a', 'wf_a', 'wf_b']) {
      const both = await Promise.all([
        jsonata('($left := secret; $left)', { workflowId, message: { secret: 'mine' } }),
        jsonata('[$left, $event, secret, $count($match("b", /a/))]', { workflowId, message: {} }),
      ])
      expect(both.map(valueOf)).toEqual(['mine', [0]])
    }
  })

  test('an expression that failed leaves the next one as it was', async () => {
    const { jsonata } = openWorld()
    const calls = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        jsonata(n % 2 ? '$sum("x" & n)' : '$sum([n, 1])', { message: { n } }),
      ),
    )
    calls.forEach((evaluated, n) => expect(evaluated.ok).toBe(n % 2 === 0))
    expect(calls.filter(({ ok }) => ok).map(valueOf)).toEqual(Array.from({ length: 25 }, (_, n) => 2 * n + 1))
  })

  test('the library inside the isolate is frozen, and so is its syntax tree', async () => {
    const { jsonata } = openWorld()
    const source = '($f := function($x) { $x & "!" }; $map(["a", "b"], $f)) '
    const seen = []
    for (let n = 0; n < 20; n += 1) seen.push(valueOf(await jsonata(source)))
    expect(seen).toEqual(Array.from({ length: 20 }, () => ['a!', 'b!']))
    expect(
      valueOf(await jsonata('$ ~> |$|{"constructor": 1, "__proto__": {"left": 1}}|', { message: {} })),
    ).toBeTruthy()
    expect(valueOf(await jsonata('{}.left'))).toBe(null)
  })
})

describe('a child', { skip: process.platform !== 'linux' }, () => {
  test('has no environment, no file of the server and no way to read one', async () => {
    process.env['HOOKLOOM_CANARY'] = 'canary'
    onTestFinished(() => {
      delete process.env['HOOKLOOM_CANARY']
    })
    const { sandbox, jsonata } = openWorld()
    await jsonata('1')
    const [pid = 0] = sandbox.pids
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toBe('')
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/')
    const files = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
    const own = /^(socket|pipe|anon_inode):|^\/dev\/null$/
    expect(files.filter((file) => !own.test(file))).toEqual([])
    expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).toContain('--permission')
  })

  test('dies with its server, even while an isolate spins', async () => {
    const module = new URL('../../server/runtime/sandbox.ts', import.meta.url).href
    const server = `
      import { openSandbox } from ${JSON.stringify(module)}
      const sandbox = openSandbox()
      const limits = { timeoutMs: 60000, memoryMb: 64, outputBytesMax: 1000, logBytesMax: 1000 }
      const ask = (kind, source) => sandbox.evaluate({ workflowId: source, kind, source, message: '1', bindings: {}, limits })
      await ask('jsonata', '1')
      void ask('script', 'for (;;);')
      void ask('script', 'Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)')
      setTimeout(() => console.log(sandbox.pids.join(' ')), 500)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', server], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    onTestFinished(() => void parent.kill('SIGKILL'))
    const line = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (data: Buffer) => resolve(String(data))),
    )
    const pids = line.trim().split(' ').map(Number)
    expect(pids.length).toBeGreaterThan(0)
    expect(pids.filter(isAlive)).toEqual(pids)
    parent.kill('SIGKILL')
    for (let n = 0; n < 50 && pids.some(isAlive); n += 1) await sleep(100)
    expect(pids.filter(isAlive)).toEqual([])
  })

  test('rests below 70 MB, ends when nothing is evaluated for a while, and another comes when something is', async () => {
    const { sandbox, jsonata } = openWorld({ idleMs: 300 })
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => jsonata('$', { workflowId: `wf_${n % 4}`, message: n })),
    )
    for (let n = 0; n < 100 && sandbox.pids.length > 0; n += 1) await sleep(100)
    expect(sandbox.pids).toEqual([])
    expect(valueOf(await jsonata('$ + 1', { message: 1 }))).toBe(2)
    expect(sandbox.pids).toHaveLength(1)
    const fresh = openWorld()
    await fresh.jsonata('1')
    const status = readFileSync(`/proc/${fresh.sandbox.pids[0] ?? 0}/status`, 'latin1')
    expect(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1_024).toBeLessThan(70)
  })
})
