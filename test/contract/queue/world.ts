import { expect, vi } from 'vitest'
import type { Job, Queue, Verdict } from '../../../server/queue/queue.ts'

export interface World {
  readonly queue: Queue
  /** Closes the queue and opens it again. */
  readonly reopen: () => Promise<Queue>
}

export interface Promises {
  readonly [promise: string]: (queue: Queue, world: World) => Promise<void>
}

export const done: Verdict = { kind: 'done' }
export const nothing = { due: 0, waiting: 0, active: 0 }
export const one = { concurrency: 1, laneConcurrency: 1 }
export const many = { concurrency: 8, laneConcurrency: 8 }
export const aMinute = 60_000
export const job = (key: string, lane = 'wf_a') => ({ key, lane })
export const inMs = (ms: number) => Date.now() + ms
export const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 10_000, interval: 10 })
export const isEmpty = (queue: Queue) => eventually(async () => expect(await queue.counts()).toEqual(nothing))

/** A handler that waits in a job until it is let go. */
export function gate() {
  const opened = Promise.withResolvers<void>()
  const entered: string[] = []
  const handle = async ({ key }: Job): Promise<Verdict> => {
    entered.push(key)
    await opened.promise
    return done
  }
  return { entered, handle, open: () => opened.resolve() }
}
