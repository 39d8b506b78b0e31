import { errorOf } from './sqlite-errors.ts'
import type { Outcome } from './sqlite-commit.ts'
import { Unavailable } from './storage.ts'

export type Call = readonly [name: string, args: readonly unknown[]]

interface Asked {
  readonly call: Call
  /** Bytes that go over to the thread instead of being copied once more. */
  readonly moved: readonly ArrayBuffer[]
  readonly size: number
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: Error) => void
}

/** What one message takes: a bound on how long others wait for its commit, and on how far it lengthens the log. */
const callsMax = 512
const sizeMax = 8 * 1024 * 1024

export interface LaneOptions {
  readonly post: (calls: readonly Call[], moved: readonly ArrayBuffer[]) => void
  /** Pauses between one answer and the next message, as long as the last took: at least, at most, in milliseconds. */
  readonly rest: { readonly least: number; readonly most: number }
}

/**
 * A way to the store's thread on which one message is under way at a time. What is asked for meanwhile goes with the next: the
 * more there is to do, the more calls share a message and a commit, and nobody waits for company who is alone.
 *
 *   ask ─► waiting ─(end of this turn; the one before is answered; rest)─► under way ─► answered
 */
export class Lane {
  readonly #options: LaneOptions
  #waiting: Asked[] = []
  #underWay: readonly Asked[] = []
  #isScheduled = false
  #postedAt = 0
  #restUntil = 0
  #whenDone: (() => void) | undefined

  constructor(options: LaneOptions) {
    this.#options = options
  }

  get isIdle(): boolean {
    return this.#underWay.length === 0 && this.#waiting.length === 0
  }

  /** Resolves with what the thread answers. Bytes among the arguments may be changed afterwards. */
  ask(name: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#whenDone !== undefined) return Promise.reject(new Unavailable('the store is closed'))
    return new Promise((resolve, reject) => {
      const moved: ArrayBuffer[] = []
      let size = 0
      const passed = args.map((arg) => {
        if (typeof arg === 'string') size += arg.length
        if (!(arg instanceof Uint8Array)) return arg
        // A slice of a large buffer would take all of it along.
        const copy = new Uint8Array(arg)
        size += copy.length
        moved.push(copy.buffer)
        return copy
      })
      this.#waiting.push({ call: [name, passed], moved, size, resolve, reject })
      this.#schedule()
    })
  }

  /** The answer to the message under way. */
  answered({ values, faults }: Outcome): void {
    const now = performance.now()
    const { least, most } = this.#options.rest
    this.#restUntil = now + Math.min(Math.max(now - this.#postedAt, least), most)
    const asked = this.#underWay
    this.#underWay = []
    for (const [place, fault] of faults) asked[place]?.reject(errorOf(fault))
    // Whoever got a fault is settled: telling them a value as well changes nothing.
    for (const [place, { resolve }] of asked.entries()) resolve(values[place])
    this.#schedule()
  }

  /** Refuses what is asked for from now on; resolves once all before it is answered. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenDone = resolve
      if (this.isIdle) resolve()
    })
  }

  #schedule(): void {
    if (this.isIdle) this.#whenDone?.()
    if (this.#isScheduled || this.#underWay.length > 0 || this.#waiting.length === 0) return
    this.#isScheduled = true
    const restMs = this.#whenDone === undefined ? this.#restUntil - performance.now() : 0
    if (restMs > 0) setTimeout(this.#send, restMs)
    else setImmediate(this.#send)
  }

  readonly #send = (): void => {
    this.#isScheduled = false
    this.#underWay = this.#take()
    this.#postedAt = performance.now()
    this.#options.post(
      this.#underWay.map(({ call }) => call),
      this.#underWay.flatMap(({ moved }) => moved),
    )
  }

  #take(): readonly Asked[] {
    let count = 0
    for (let size = 0; count < this.#waiting.length && count < callsMax; count++) {
      size += this.#waiting[count]?.size ?? 0
      if (count > 0 && size > sizeMax) break
    }
    return this.#waiting.splice(0, count)
  }
}
