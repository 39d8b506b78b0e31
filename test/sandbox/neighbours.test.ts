import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { eventually } from '../support/server.ts'
import {
  type World,
  codeOf,
  cpuMs,
  isAlive,
  messageOf,
  openWorld,
  untilIdle,
  valueOf,
  within,
} from './world.ts'

describe('evaluations whose process dies', () => {
  test('are all made: kill -9 of every child under load loses none', async () => {
    const world = openWorld()
    const { sandbox } = world
    await world.jsonata('1')
    const { signal: end, abort } = openEnd()
    const killer = async () => {
      for (let round = 0; round < 4; round += 1) {
        await sleep(150)
        for (const pid of sandbox.pids.filter(isAlive)) process.kill(pid, 'SIGKILL')
        // Long enough for a child to start, also on a busy machine: nobody survives without any.
        await sleep(1_500)
      }
      abort()
    }
    let made = 0
    await Promise.all([killer(), innocentWork(world, end, () => (made += 1))])
    expect(made).toBeGreaterThan(32)
  })

  test.each([
    // Longer than it takes to be killed, also where others are at work.
    { kills: 6, lastsMs: 4_000, ends: 'ok', says: /^$/ },
    { kills: Infinity, lastsMs: 20_000, ends: 'crashed', says: /was killed from outside/ },
  ])('that is killed from outside $kills times ends as $ends', { timeout: 60_000 }, async (given) => {
    const { sandbox, script } = openWorld({ children: 1 })
    const { signal: end, abort } = openEnd()
    let kills = 0
    const killer = async () => {
      while (!end.aborted && kills < given.kills) {
        // Starting takes less: this one is at work.
        for (const [pid, ms] of cpuMs(sandbox.pids)) {
          if (ms < 600 || !isAlive(pid)) continue
          process.kill(pid, 'SIGKILL')
          kills += 1
        }
        await sleep(10)
      }
    }
    const source = `for (const end = Date.now() + ${given.lastsMs}; Date.now() < end; );`
    const evaluated = script(source, { limits: { timeoutMs: 30_000 } }).finally(abort)
    await killer()
    expect(codeOf(await evaluated)).toBe(given.ends)
    expect(messageOf(await evaluated)).toMatch(given.says)
    expect(kills).toBeGreaterThanOrEqual(6)
  })

  test('fail only if they kill their process alone', async () => {
    const { jsonata, script } = openWorld({ children: 1 })
    await jsonata('1')
    const bomb = script('const a = []; for (;;) a.push(new Array(1e5).fill(a.length))', {
      workflowId: 'wf_bomb',
    })
    const innocents = Array.from({ length: 40 }, (_, n) =>
      jsonata('$ * 2', { workflowId: `wf_${n % 4}`, message: n }),
    )
    expect((await Promise.all(innocents)).map(valueOf)).toEqual(Array.from({ length: 40 }, (_, n) => n * 2))
    expect(['memory-limit', 'time-limit']).toContain(codeOf(await bomb))
  })

  test('fail only if they are at fault, though processes are killed from outside as well', async () => {
    const world = openWorld()
    const { sandbox, script, jsonata } = world
    const { signal: end, abort } = openEnd()
    let made = 0
    const rounds = async () => {
      for (let round = 0; round < 3; round += 1) {
        const limits = { timeoutMs: 5_000 }
        const atFault = [
          jsonata('$length($pad("", 200000000, "€"))', { workflowId: 'wf_large', limits }),
          script('Array.prototype.lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)', {
            limits: { timeoutMs: 500 },
          }),
        ]
        // As new as the first, and so in one batch with it.
        const beside = [1, 2, 3].map((n) =>
          jsonata(`$ + ${round} + ${n}`, { workflowId: 'wf_large', message: 1 }),
        )
        const enough = made + 50
        await eventually(
          () => made,
          (count) => count >= enough,
        )
        for (const pid of sandbox.pids.filter(isAlive)) process.kill(pid, 'SIGKILL')
        expect((await Promise.all(atFault)).map(codeOf)).toEqual(['memory-limit', 'time-limit'])
        expect((await Promise.all(beside)).map(valueOf)).toEqual([2, 3, 4].map((n) => n + round))
      }
      abort()
    }
    await Promise.all([rounds(), innocentWork(world, end, () => (made += 1))])
  })
})

/** Evaluations of five workflows, 32 at once, until the end: each has to be made. */
async function innocentWork({ jsonata, script }: World, end: AbortSignal, onMade: () => void): Promise<void> {
  const lane = async (n: number) => {
    for (let k = n; !end.aborted; k += 32) {
      const options = { workflowId: `wf_${k % 5}`, message: k }
      const evaluated = k % 10 === 0 ? script('return message + 1', options) : jsonata('$ + 1', options)
      expect(valueOf(await evaluated)).toBe(k + 1)
      onMade()
    }
  }
  await Promise.all(Array.from({ length: 32 }, (_, n) => lane(n)))
}

/** Each starts its program again as soon as it has failed, until the world is closed. */
function attack({ script }: World): Promise<readonly void[]> {
  const limits = { timeoutMs: 1_000 }
  const sources = [
    'for (;;);',
    'const a = []; for (;;) a.push(new Array(1e5).fill({}))',
    'await new Promise(() => {})',
  ]
  return Promise.all(
    Array.from({ length: 30 }, async (_, n) => {
      for (;;) {
        const code = codeOf(await script(sources[n % 3] ?? '', { workflowId: `wf_hostile_${n}`, limits }))
        if (code === 'cancelled') return
        expect(['time-limit', 'memory-limit']).toContain(code)
      }
    }),
  )
}

describe('thirty hostile workflows', { timeout: 120_000 }, () => {
  test('keep an innocent one waiting for less than 1.5 s, each of 20 times', async () => {
    const world = openWorld()
    const innocent = (n: number) =>
      n % 2
        ? world.jsonata('a + 1', { workflowId: 'wf_good', message: { a: n } })
        : world.script('return message.a + 1', { workflowId: 'wf_good', message: { a: n } })
    await Promise.all([innocent(0), innocent(1)])
    const attacked = attack(world)
    const waits: number[] = []
    for (let n = 0; n < 20; n += 1) {
      const since = performance.now()
      expect(valueOf(await innocent(n))).toBe(n + 1)
      waits.push(performance.now() - since)
      await sleep(100)
    }
    expect(Math.max(...waits), `waits: ${waits.map((ms) => ms.toFixed(0)).join(' ')}`).toBeLessThan(
      within(1_500),
    )
    await world.sandbox.close()
    await attacked
  })

  test('keep a newcomer waiting only until each of them has had its first slice', async () => {
    const world = openWorld()
    await world.jsonata('1')
    const attacked = attack(world)
    const since = performance.now()
    const newcomer = world.script('return message.a + 1', { workflowId: 'wf_new', message: { a: 1 } })
    expect(valueOf(await newcomer)).toBe(2)
    expect(performance.now() - since).toBeLessThan(within(3_000))
    await world.sandbox.close()
    await attacked
  })

  test('do not starve an innocent program that was put among them by mistake', async () => {
    const world = openWorld({ children: 1 })
    await world.jsonata('1')
    const attacks = Array.from({ length: 30 }, (_, n) =>
      world.script('for (;;);', { workflowId: `wf_${n}`, limits: { timeoutMs: 400 } }),
    )
    // Slow once, so that it is tried alone, and quick ever after.
    const source = 'const end = Date.now() + message; while (Date.now() < end); return 1'
    const innocent = (ms: number) => world.script(source, { workflowId: 'wf_slow_once', message: ms })
    expect(valueOf(await innocent(350))).toBe(1)
    const since = performance.now()
    expect(valueOf(await innocent(0))).toBe(1)
    expect(performance.now() - since).toBeLessThan(within(3_000))
    expect(new Set((await Promise.all(attacks)).map(codeOf))).toEqual(new Set(['time-limit']))
    await untilIdle(() => world.sandbox.pids, within(2_000))
  })
})

/** What loops look at, to know that their test has ended. */
function openEnd() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

describe('work', () => {
  test('is taken in turn per workflow: one evaluation does not wait behind two thousand of another', async () => {
    const { jsonata } = openWorld({ children: 1 })
    await Promise.all(['wf_many', 'wf_one'].map((workflowId) => jsonata('$', { workflowId })))
    let left = 2_000
    const many = Array.from({ length: left }, () =>
      jsonata('$', { workflowId: 'wf_many' }).then(() => (left -= 1)),
    )
    await jsonata('$', { workflowId: 'wf_one' })
    expect(left).toBeGreaterThan(1_500)
    await Promise.all(many)
  })

  test('that is long but within its limits is done, and does not stop quick work', async () => {
    const { jsonata, script } = openWorld({ children: 1 })
    await jsonata('$')
    const source = 'const end = Date.now() + 1500; while (Date.now() < end); return "long"'
    const limits = { timeoutMs: 10_000 }
    expect(valueOf(await script(source, { workflowId: 'wf_long', limits }))).toBe('long')
    const long = script(source, { workflowId: 'wf_long', limits })
    await sleep(50)
    const since = performance.now()
    expect(valueOf(await jsonata('1 + 1'))).toBe(2)
    expect(performance.now() - since).toBeLessThan(within(1_000))
    expect(valueOf(await long)).toBe('long')
  })

  test('leaves nothing running when it has ended', async () => {
    const { sandbox, jsonata } = openWorld()
    await Promise.all(Array.from({ length: 500 }, (_, n) => jsonata('$', { workflowId: `wf_${n % 7}` })))
    await untilIdle(() => sandbox.pids, within(3_000))
    const before = cpuMs(sandbox.pids)
    await sleep(1_000)
    const used = [...cpuMs(sandbox.pids)].map(([pid, ms]) => ms - (before.get(pid) ?? 0))
    expect(Math.max(...used)).toBeLessThanOrEqual(50)
  })
})
