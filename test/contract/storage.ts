/** What every store must do: the promises of `server/storage/storage.ts`, each a test with its sentence for a name. */
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, test } from 'vitest'
import type { Storage } from '../../server/storage/storage.ts'
import { balance } from './storage/balance.ts'
import { events } from './storage/events.ts'
import { forget } from './storage/forget.ts'
import { rejections } from './storage/rejections.ts'
import { runs } from './storage/runs.ts'
import { settings } from './storage/settings.ts'
import { work } from './storage/work.ts'
import { workflows } from './storage/workflows.ts'
import type { Promises, World } from './storage/world.ts'

const promises = {
  ...workflows,
  ...events,
  ...rejections,
  ...runs,
  ...work,
  ...balance,
  ...forget,
  ...settings,
} satisfies Promises

interface Subject {
  readonly name: string
  /** Opens the store that lives at a place; a new place is an empty store. */
  readonly open: (place: string) => Promise<Storage>
  /** Promises that this adapter cannot keep, and why; nothing is skipped in silence. */
  readonly lacks?: { readonly [promise in keyof typeof promises]?: string }
}

export function storageContract({ name, open, lacks = {} }: Subject): void {
  const reasons: { readonly [promise: string]: string | undefined } = lacks
  describe(`storage contract: ${name}`, () => {
    let world: World
    beforeEach(async () => {
      const place = randomUUID()
      const opened = await open(place)
      world = {
        storage: opened,
        reopen: async () => {
          await world.storage.close()
          world = { ...world, storage: await open(place) }
          return world.storage
        },
      }
    })
    afterEach(() => world.storage.close())

    for (const [promise, keep] of Object.entries<Promises[string]>(promises)) {
      const reason = reasons[promise]
      if (reason === undefined) test(promise, () => keep(world.storage, world))
      else test.skip(`${promise} (not here: ${reason})`, () => {})
    }
  })
}
