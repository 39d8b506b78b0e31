/** What keeps a hook from being overrun: so many requests a second, in hand, and waiting to run. */
import { type LimitSettings, queuedDefault } from '../../nodes/contract/limits.ts'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import type { Backlog } from './backlog.ts'
import type { Hook } from './hook.ts'
import { Rates, type Shared } from './rates.ts'
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

export interface DoorLimitsOptions {
  readonly backlog: Backlog
  readonly monotonic: () => number
  /** The rates of all processes; what is in hand is counted in each for itself. */
  readonly shared?: Shared | undefined
}

export class DoorLimits {
  readonly #hooks: Rates
  readonly #addresses: Rates
  readonly #inHand = new Map<WorkflowId, number>()
  readonly #backlog: Backlog
  readonly #monotonic: () => number

  constructor({ backlog, monotonic, shared }: DoorLimitsOptions) {
    this.#hooks = new Rates({ keysMax: hooksMax, shared })
    this.#addresses = new Rates({ keysMax: addressesMax, shared })
    this.#backlog = backlog
    this.#monotonic = monotonic
  }

  /** `undefined`: it may come in, and `leave` is called when it is answered. A draft has no limits. */
  enter({ kind, workflow: { id }, settings }: Hook, ip: string): Soon<Over | undefined> {
    const limits = settings?.limits
    if (kind === 'test' || limits === undefined) return undefined
    return andThen(this.#overRate(id, limits, ip), (over) => over ?? this.#overInside(id, limits))
  }

  #overInside(id: WorkflowId, limits: LimitSettings): Soon<Over | undefined> {
    const over = this.#overHands(id, limits)
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

  #overRate(id: WorkflowId, limits: LimitSettings, ip: string): Soon<Over | undefined> {
    const { perSecond, burst, addressPerSecond, addressBurst } = limits
    const taken = (rates: Rates, key: string, rate: number, most: number | undefined): Soon<number> =>
      rates.take(key, { perSecond: rate, burst: most ?? aSecondOf(rate) }, this.#monotonic())
    const overAddress =
      addressPerSecond === undefined
        ? undefined
        : andThen(taken(this.#addresses, `${id} ${ip}`, addressPerSecond, addressBurst), (waitMs) =>
            waitMs > 0 ? tooOften(`${ip} sends more than ${shown(addressPerSecond)}`, waitMs) : undefined,
          )
    if (perSecond === undefined) return overAddress
    return andThen(overAddress, (over) => {
      if (over !== undefined) return over
      return andThen(taken(this.#hooks, id, perSecond, burst), (waitMs) =>
        waitMs > 0 ? tooOften(`This hook gets more than ${shown(perSecond)}`, waitMs) : undefined,
      )
    })
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
