import { type Bundled, type EventHead, digestOf } from './sqlite-accepts.ts'
import { errorOf } from './sqlite-errors.ts'
import type { Outcome } from './sqlite-commit.ts'
import { Unavailable } from './storage.ts'

export type Call = readonly [name: string, args: readonly unknown[]]

/** A new event to store. */
interface Arrival {
  readonly head: EventHead
  readonly body: Uint8Array
}

/** What is asked for at once. Its answer has a place for each event, and then for each call. */
export interface Message {
  /** `undefined`: none came. */
  readonly arrivals: Bundled | undefined
  readonly calls: readonly Call[]
}

interface Asked {
  readonly what: Call | Arrival
  /** Of its bytes and long texts: about how much it writes. */
  readonly size: number
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: Error) => void
}

/** What one message takes: a bound on how long others wait for its commit, and on how far it lengthens the log. */
const callsMax = 512
const sizeMax = 8 * 1024 * 1024

/** So many are not kept until the end of the turn: the thread stores them while their caller takes in more. */
const sentAtOnceMin = 24

/** @param block all bytes of the message: to be moved */
type Post = (message: Message, block: ArrayBuffer) => void

/**
 * A way to the store's thread on which one message is under way at a time. What is asked for meanwhile goes with the next: the
 * more there is to do, the more calls share a message and a commit, and nobody waits for company who is alone.
 *
 *   ask ─► waiting ─(end of this turn, or many; the one before is answered)─► under way ─► answered
 */
export class Lane {
  readonly #post: Post
  #waiting: Asked[] = []
  #underWay: readonly Asked[] = []
  #isScheduled = false
  #whenDone: (() => void) | undefined

  constructor(post: Post) {
    this.#post = post
  }

  get isIdle(): boolean {
    return this.#underWay.length === 0 && this.#waiting.length === 0
  }

  /** Resolves with what the thread answers. */
  ask(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#add([name, args], sizeOf(args))
  }

  accept(head: EventHead, body: Uint8Array): Promise<unknown> {
    return this.#add({ head, body }, sizeOf(head) + body.length)
  }

  #add(what: Asked['what'], size: number): Promise<unknown> {
    if (this.#whenDone !== undefined) return Promise.reject(new Unavailable('the store is closed'))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ what, size, resolve, reject })
      if (this.#waiting.length >= sentAtOnceMin) this.#send()
      else this.#schedule()
    })
  }

  /** The answer to the message under way. */
  answered({ values, faults }: Outcome): void {
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
    setImmediate(() => {
      this.#isScheduled = false
      this.#send()
    })
  }

  readonly #send = (): void => {
    if (this.#underWay.length > 0 || this.#waiting.length === 0) return
    const arrivals: Arrival[] = []
    const calls: Call[] = []
    const [first, then]: [Asked[], Asked[]] = [[], []]
    for (const asked of this.#take()) {
      if ('head' in asked.what) {
        arrivals.push(asked.what)
        first.push(asked)
      } else {
        calls.push(asked.what)
        then.push(asked)
      }
    }
    this.#underWay = first.concat(then)
    try {
      const { message, block } = packed(arrivals, calls)
      this.#post(message, block)
    } catch (error) {
      // A mistake of ours, as a value that no message can carry: it must not keep the others waiting for ever.
      const asked = this.#underWay
      this.#underWay = []
      for (const { reject } of asked) reject(error instanceof Error ? error : new Error(String(error)))
      this.#schedule()
    }
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

const sizeOf = (args: readonly unknown[]): number =>
  args.reduce<number>(
    (sum, arg) => (typeof arg === 'string' || arg instanceof Uint8Array ? sum + arg.length : sum),
    0,
  )

/**
 * All bytes of a message go over in one block, which is moved: a slice of its own for each would be copied, and one of a pool
 * would take all of the pool along.
 */
function packed(
  arrivals: readonly Arrival[],
  calls: readonly Call[],
): { readonly message: Message; readonly block: ArrayBuffer } {
  const heads = arrivals.map(({ head }) => head)
  const text = heads.length === 0 ? '' : JSON.stringify(heads)
  const headsBytes = Buffer.byteLength(text)
  let bytes = headsBytes
  for (const { body } of arrivals) bytes += body.length
  for (const [, args] of calls) for (const arg of args) if (arg instanceof Uint8Array) bytes += arg.length
  const block = new Uint8Array(bytes)
  Buffer.from(block.buffer).write(text)
  let used = headsBytes
  const place = (arg: unknown): unknown => {
    if (!(arg instanceof Uint8Array)) return arg
    block.set(arg, used)
    used += arg.length
    return block.subarray(used - arg.length, used)
  }
  for (const { body } of arrivals) place(body)
  const bundled =
    heads.length === 0 ? undefined : { bytes: block.subarray(0, used), headsBytes, digest: digestOf(heads) }
  return {
    message: { arrivals: bundled, calls: calls.map(([name, args]) => [name, args.map(place)]) },
    block: block.buffer,
  }
}
