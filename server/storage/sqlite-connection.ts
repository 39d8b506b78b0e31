import { Worker } from 'node:worker_threads'
import type { EventHead } from './sqlite-accepts.ts'
import type { Calls } from './sqlite-calls.ts'
import { errorOf } from './sqlite-errors.ts'
import type { Fault } from './sqlite-errors.ts'
import { Lane } from './sqlite-lane.ts'
import type { Message } from './sqlite-lane.ts'
import type { Outcome } from './sqlite-commit.ts'
import type { Accepted } from './storage.ts'

/** `close` is the last. */
export type ToThread = ({ readonly kind: keyof Calls } & Message) | { readonly kind: 'close' }
export type FromThread =
  { readonly kind: 'opened'; readonly fault?: Fault } | ({ readonly kind: keyof Calls } & Outcome)

const isNew = { kind: 'new' } as const

/**
 * What is new in the thread is short-lived: a small nursery keeps its memory down. The rest of its memory has no limit of its
 * own, so that no large answer can end it.
 */
const youngGenerationMb = 4
/**
 * The store's thread, seen from outside. It keeps the process alive only while something is asked of it. Should it end by
 * itself, the process ends with it, since nothing can be promised any more; what was acknowledged is in the file.
 */
export class Connection {
  readonly #thread: Worker
  readonly #lanes: { readonly [kind in keyof Calls]: Lane }
  readonly #opened: Promise<void>
  readonly #ended: Promise<void>
  /** From when it is open until it is closed. */
  #isNeeded = false
  #failure: Error | undefined

  /** Throws what keeps the thread from opening the file. */
  static async open(path: string): Promise<Connection> {
    const connection = new Connection(path)
    await connection.#opened
    return connection
  }

  private constructor(path: string) {
    const thread = new Worker(new URL('./sqlite-thread.mjs', import.meta.url), {
      name: 'store',
      workerData: { path },
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb },
    })
    this.#thread = thread
    const lane = (kind: keyof Calls) => new Lane((message, block) => this.#post({ kind, ...message }, block))
    this.#lanes = { reads: lane('reads'), writes: lane('writes') }

    const opened = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    this.#opened = opened.promise
    this.#ended = ended.promise
    thread.on('message', (message: FromThread) => {
      if (message.kind !== 'opened') this.#lanes[message.kind].answered(message)
      else if (message.fault !== undefined) return opened.reject(errorOf(message.fault))
      else {
        this.#isNeeded = true
        opened.resolve()
      }
      if (this.#lanes.reads.isIdle && this.#lanes.writes.isIdle) thread.unref()
    })
    thread.on('error', (error) => {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    })
    thread.on('exit', () => {
      if (this.#isNeeded) end(this.#failure)
      opened.reject(this.#failure)
      ended.resolve()
    })
  }

  /** Sees all writes that were acknowledged before. */
  read<N extends keyof Calls['reads']>(
    name: N,
    ...args: Parameters<Calls['reads'][N]>
  ): Promise<ReturnType<Calls['reads'][N]>> {
    // What the thread answers to a call is what its function returns: the one place where that is said.
    return this.#lanes.reads.ask(name, args) as Promise<ReturnType<Calls['reads'][N]>>
  }

  /**
   * Resolves once it is committed; writes are made in the order in which they are asked for, new events before all else of
   * their commit.
   */
  write<N extends keyof Calls['writes']>(
    name: N,
    ...args: Parameters<Calls['writes'][N]>
  ): Promise<ReturnType<Calls['writes'][N]>> {
    return this.#lanes.writes.ask(name, args) as Promise<ReturnType<Calls['writes'][N]>>
  }

  /** Resolves once the event and its run are committed. */
  async accept(head: EventHead, body: Uint8Array): Promise<Accepted> {
    const known = await this.#lanes.writes.accept(head, body)
    return known === undefined ? isNew : (known as Accepted)
  }

  /** Answers what was asked for before, and refuses what comes after. */
  async close(): Promise<void> {
    await Promise.all([this.#lanes.reads.close(), this.#lanes.writes.close()])
    this.#isNeeded = false
    this.#post({ kind: 'close' })
    await this.#ended
    if (this.#failure !== undefined) throw this.#failure
  }

  #post(message: ToThread, ...moved: readonly ArrayBuffer[]): void {
    this.#thread.ref()
    this.#thread.postMessage(message, moved)
  }
}

function end(reason: Error | undefined): never {
  process.stderr.write(
    `Hookloom stops: the thread of its store ended (${reason?.message ?? 'nobody knows why'}). ` +
      'What was acknowledged is stored; start it again.\n',
  )
  process.exit(1)
}
