/** What keeps a hook from being overrun: so many requests a second, in hand, and waiting to run. */
import { type LimitSettings, queuedDefault } from '../../nodes/contract/limits.ts'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import type { Backlog } from './backlog.ts'
import { Buckets } from './buckets.ts'
import type { Hook } from './hook.ts'
import { type Soon, andThen } from './soon.ts'

/** A request that is one too many. */
export interface Over {
  readonly status: 429 | 503
  readonly detail: string
  readonly retryAfterSeconds: number
}

/** Addresses whose rate is remembered: a few MB. */
const addressesMax = 50_000
const hooksMax = 10_000
/** What is in hand is answered within a moment, a queue takes longer. */
const soonSeconds = 1
const queueSeconds = 10

export class DoorLimits {
  readonly #hooks = new Buckets({ keysMax: hooksMax })
  readonly #addresses = new Buckets({ keysMax: addressesMax })
  readonly #inHand = new Map<WorkflowId, number>()
  readonly #backlog: Backlog
  readonly #monotonic: () => number

  constructor({ backlog, monotonic }: { readonly backlog: Backlog; readonly monotonic: () => number }) {
    this.#backlog = backlog
    this.#monotonic = monotonic
  }

  /** `undefined`: it may come in, and `leave` is called when it is answered. A draft has no limits. */
  enter({ kind, workflow: { id }, settings }: Hook, ip: string): Soon<Over | undefined> {
    const limits = settings?.limits
    if (kind === 'test' || limits === undefined) return undefined
    const over = this.#overRate(id, limits, ip) ?? this.#overHands(id, limits)
    if (over !== undefined) return over
    const { queued = queuedDefault } = limits
    return andThen(this.#backlog.isFull(id, queued, this.#monotonic()), (isFull) => {
      if (isFull) return full(queued)
      if (limits.concurrent !== undefined) this.#inHand.set(id, (this.#inHand.get(id) ?? 0) + 1)
      return undefined
    })
  }

  leave({ kind, workflow: { id }, settings }: Hook): void {
    if (kind === 'test' || settings?.limits.concurrent === undefined) return
    const left = (this.#inHand.get(id) ?? 1) - 1
    if (left > 0) this.#inHand.set(id, left)
    else this.#inHand.delete(id)
  }

  #overRate(id: WorkflowId, limits: LimitSettings, ip: string): Over | undefined {
    const { perSecond, addressPerSecond } = limits
    if (addressPerSecond !== undefined) {
      const rate = { perSecond: addressPerSecond, burst: limits.addressBurst ?? aSecondOf(addressPerSecond) }
      const waitMs = this.#addresses.take(`${id} ${ip}`, rate, this.#monotonic())
      if (waitMs > 0) return tooOften(`${ip} sends more than ${shown(addressPerSecond)}`, waitMs)
    }
    if (perSecond !== undefined) {
      const rate = { perSecond, burst: limits.burst ?? aSecondOf(perSecond) }
      const waitMs = this.#hooks.take(id, rate, this.#monotonic())
      if (waitMs > 0) return tooOften(`This hook gets more than ${shown(perSecond)}`, waitMs)
    }
    return undefined
  }

  #overHands(id: WorkflowId, { concurrent }: LimitSettings): Over | undefined {
    if (concurrent === undefined || (this.#inHand.get(id) ?? 0) < concurrent) return undefined
    return {
      status: 429,
      detail: `${concurrent} requests of this hook are in hand, the most that it takes at once. Send it again in a moment.`,
      retryAfterSeconds: soonSeconds,
    }
  }
}

const aSecondOf = (perSecond: number): number => Math.max(1, Math.ceil(perSecond))
const shown = (perSecond: number): string =>
  perSecond >= 1 ? `${perSecond} requests a second` : `one request in ${Math.round(1 / perSecond)} s`

const tooOften = (what: string, waitMs: number): Over => ({
  status: 429,
  detail: `${what}, the most that is taken. Send it again later.`,
  retryAfterSeconds: Math.ceil(waitMs / 1_000),
})

const full = (queued: number): Over => ({
  status: 503,
  detail: `${queued} runs of this workflow have not ended, the most that may wait. Nothing was accepted; send it again later.`,
  retryAfterSeconds: queueSeconds,
})
