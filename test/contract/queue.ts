/** What every queue must do: the promises of `server/queue/queue.ts`, each a test with its sentence for a name. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, test } from 'vitest'
import type { Queue } from '../../server/queue/queue.ts'
import { hands } from './queue/hands.ts'
import { jobs } from './queue/jobs.ts'
import type { Promises, World } from './queue/world.ts'

const promises = { ...jobs, ...hands } satisfies Promises

interface Subject {
  readonly name: string
  /** Opens the queue that lives at a place; a new place is an empty queue. */
  readonly open: (place: string) => Promise<Queue>
  /** Promises that this adapter cannot keep, and why; nothing is skipped in silence. */
  readonly lacks?: { readonly [promise in keyof typeof promises]?: string }
}

export function queueContract({ name, open, lacks = {} }: Subject): void {
  const reasons: { readonly [promise: string]: string | undefined } = lacks
  describe(`queue contract: ${name}`, () => {
    let world: World
    beforeEach(async () => {
      const place = randomUUID()
      const opened = await open(place)
      world = {
        queue: opened,
        reopen: async () => {
          await world.queue.close()
          world = { ...world, queue: await open(place) }
          return world.queue
        },
      }
    })
    afterEach(() => world.queue.close())

    for (const [promise, keep] of Object.entries<Promises[string]>(promises)) {
      const reason = reasons[promise]
      if (reason === undefined) test(promise, () => keep(world.queue, world))
      else test.skip(`${promise} (not here: ${reason})`, () => {})
    }
  })
}
