/** What every keeper of lines before targets must do: the promises of `Targets` in `server/runtime/runtime.ts`. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { TargetLimits } from '../../nodes/contract/target-limits.ts'
import type { Targets, Visit } from '../../server/runtime/runtime.ts'

const newTarget = () => `https://${randomUUID()}.example.com`
const aMinute = 60

/** One after another: whether each is let in. */
async function kinds(targets: Targets, target: string, visits: readonly Partial<Visit>[]): Promise<string[]> {
  const found: string[] = []
  for (const visit of visits) {
    found.push((await targets.enter({ target, limits: {}, id: randomUUID(), looks: 0, ...visit })).kind)
  }
  return found
}

/** Comes, and comes again when told to, until it is in; then `inside`, and leaves. */
async function visitor(
  targets: Targets,
  { target, limits }: Pick<Visit, 'target' | 'limits'>,
  inside: (at: number) => Promise<void> | void,
): Promise<void> {
  const id = randomUUID()
  for (let looks = 0; ; looks += 1) {
    const entrance = await targets.enter({ target, limits, id, looks })
    // Not before the moment at which it was let in, by whichever clock that was told.
    const at = performance.now() + entrance.waitMs
    await wait(Math.ceil(entrance.waitMs))
    if (entrance.kind === 'later') continue
    await inside(at)
    entrance.leave()
    return
  }
}

const visitors = (count: number, visit: () => Promise<void>) =>
  Promise.all(Array.from({ length: count }, visit))

const promises = {
  async 'lets in as many as its time allows, and the rest in turn'(targets) {
    const visit = { target: newTarget(), limits: { requests: 5, perSeconds: 0.3 } }
    const from = performance.now()
    const moments: number[] = []
    await visitors(20, () => visitor(targets, visit, (at) => void moments.push(at)))
    expect(moments).toHaveLength(20)
    for (const [n, at] of moments.toSorted((a, b) => a - b).entries())
      expect(at - from, `the ${n + 1}th`).toBeGreaterThanOrEqual(Math.floor(n / 5) * 300)
  },

  async 'never has more in at once than it may, and all get in'(targets) {
    const visit = { target: newTarget(), limits: { concurrent: 3 } }
    let [inside, most, gone] = [0, 0, 0]
    await visitors(20, () =>
      visitor(targets, visit, async () => {
        inside += 1
        most = Math.max(most, inside)
        await wait(20)
        inside -= 1
        gone += 1
      }),
    )
    expect([most, gone]).toEqual([3, 20])
  },

  async 'tells each who comes a later time than the one before'(targets) {
    const limits: TargetLimits = { requests: 2, perSeconds: aMinute }
    const target = newTarget()
    const waits: number[] = []
    for (let n = 0; n < 6; n += 1)
      waits.push((await targets.enter({ target, limits, id: `${n}`, looks: 0 })).waitMs)
    expect(waits.map((ms) => Math.round(ms / 60_000))).toEqual([0, 0, 1, 1, 2, 2])
  },

  async 'lets in whose turn it is before who comes for the first time'(targets) {
    const line = { limits: { requests: 1, perSeconds: aMinute } }
    const free = { limits: { concurrent: 9 } }
    const found = await kinds(targets, newTarget(), [line, line, free, { ...free, looks: 1 }])
    expect(found).toEqual(['in', 'later', 'later', 'in'])
  },

  async 'counts all requests with limits together, each by its own'(targets) {
    const once = { limits: { requests: 1, perSeconds: aMinute } }
    const thrice = { limits: { requests: 3, perSeconds: aMinute } }
    const alone = { limits: { concurrent: 1 } }
    const found = await kinds(targets, newTarget(), [once, thrice, thrice, thrice])
    expect(found).toEqual(['in', 'in', 'in', 'later'])
    expect(await kinds(targets, newTarget(), [thrice, alone, thrice])).toEqual(['in', 'later', 'later'])
  },

  async 'knows each target for itself'(targets) {
    const once = { limits: { requests: 1, perSeconds: aMinute, concurrent: 1 } }
    expect(await kinds(targets, newTarget(), [once, once])).toEqual(['in', 'later'])
    expect(await kinds(targets, newTarget(), [once])).toEqual(['in'])
  },

  async 'lets in who has a place already, for it crashed and comes again'(targets) {
    const limits = { concurrent: 1 }
    const [one, other] = [{ limits, id: 'one' }, { limits }]
    expect(await kinds(targets, newTarget(), [one, other, { ...one, looks: 1 }])).toEqual([
      'in',
      'later',
      'in',
    ])
  },

  async 'looks less and less often for who finds no place'(targets) {
    const target = newTarget()
    await targets.enter({ target, limits: { concurrent: 1 }, id: 'slow', looks: 0 })
    const { waitMs } = await targets.enter({ target, limits: { concurrent: 1 }, id: 'other', looks: 20 })
    expect(waitMs).toBeGreaterThanOrEqual(5_000)
  },
} satisfies { readonly [promise: string]: (targets: Targets) => Promise<void> }

export function targetsContract(name: string, open: () => Targets): void {
  describe(`targets contract: ${name}`, () => {
    for (const [promise, keep] of Object.entries(promises)) test(promise, () => keep(open()))
  })
}
