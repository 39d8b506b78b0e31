/**
 * An event and its run are two documents, and nothing here needs a transaction: the event carries the seed of its run until
 * the run is there. Whatever dies in between, the seed is found and planted again, which changes nothing where it was.
 *
 *   event {open, seed} ─► run ─► older runs of the event stand back ─► event {}
 *      durable                                                        (the run was written before: what keeps this keeps it)
 */
import type { EventId, WorkflowId } from '../../nodes/contract/ids.ts'
import { brokenBulk, duplicateKey, isDuplicate } from './mongo-errors.ts'
import type { EventRow, Models, RunRow, Seed } from './mongo-models.ts'
import { insertAll, op } from './mongo-query.ts'
import type { NewRun } from './storage.ts'

export interface Seeded {
  readonly eventId: EventId
  readonly workflowId: WorkflowId
  readonly seed: Seed
}

export const seedOf = ({ id, kind, version, createdAt, state, graph }: NewRun): Seed => ({
  _id: id,
  kind,
  version,
  createdAt,
  state,
  graph: graph === undefined ? null : Buffer.from(graph),
})

/** Seeds that are planted in one go. */
const plantedAtOnce = 256
/** The event keeps the seed durably, and is told after the run: so neither has to wait for the disk. */
const soon = { w: 1, journal: false }

export interface Seeds {
  /** Makes the runs of events that were just stored and have no other. */
  plantFirst(seeded: readonly Seeded[]): Promise<void>
  /** Makes the run whatever is there already, and lets the older ones stand back. */
  plant(seeded: Seeded): Promise<void>
  /** Sets right which of an event's runs is the newest. */
  standBack(eventId: EventId): Promise<void>
  /** Plants what somebody left who died: bounded work, done when it resolves. */
  plantAll(): Promise<void>
}

export function openSeeds({ events, runs }: Models): Seeds {
  const insert = async (seeded: readonly Seeded[]) => {
    try {
      await insertAll(runs, seeded.map(runOf), { writeConcern: soon })
    } catch (error) {
      // Those that were planted before are there; the others are now, unless they were refused for another reason.
      if (!isDuplicate(error)) throw error
      const { refused } = brokenBulk(error)
      if (refused.some(({ code }) => code !== duplicateKey)) throw error
    }
  }
  /** The event knows of its run: nobody waits for that. What is not told now is found and told by `plantAll`. */
  const tell = async (seeded: readonly Seeded[]) => {
    const ids = seeded.map(({ eventId }) => eventId)
    await events.updateMany(
      { _id: op({ $in: ids }) },
      { $unset: { open: '', seed: '' } },
      { writeConcern: soon },
    )
  }
  /** Which run is the newest is read from the runs: whoever plants last sees all of them, and sets all right. */
  const standBack = async (eventId: EventId) => {
    const production = { eventId, standing: op({ $in: ['newest', 'older'] }) }
    const newest = await runs.findOne(production, { _id: 1 }).sort({ _id: -1 }).lean<Pick<RunRow, '_id'>>()
    if (newest === null) return
    await runs.updateMany(
      { eventId, standing: 'newest', _id: op({ $ne: newest._id }) },
      { $set: { standing: 'older' } },
    )
    await runs.updateOne({ _id: newest._id, standing: 'older' }, { $set: { standing: 'newest' } })
  }
  const plant = async (seeded: Seeded) => {
    await insert([seeded])
    if (seeded.seed.kind === 'production') await standBack(seeded.eventId)
    // Another run's seed may have taken its place meanwhile, and is planted by who put it there.
    await events.updateOne(
      { _id: seeded.eventId, 'seed._id': seeded.seed._id },
      { $unset: { open: '', seed: '' } },
    )
  }
  return {
    async plantFirst(seeded) {
      if (seeded.length === 0) return
      await insert(seeded)
      tell(seeded).catch(() => undefined)
    },
    plant,
    standBack,
    async plantAll() {
      for (let after = ''; ;) {
        const rows = await events
          .find({ open: true, _id: op({ $gt: after }) }, { seed: 1, workflowId: 1 })
          .sort({ _id: 1 })
          .limit(plantedAtOnce)
          .lean<Pick<EventRow, '_id' | 'workflowId' | 'seed'>[]>()
        for (const { _id: eventId, workflowId, seed } of rows) {
          if (seed !== undefined) await plant({ eventId, workflowId, seed })
        }
        const last = rows.at(-1)
        if (last === undefined || rows.length < plantedAtOnce) return
        after = last._id
      }
    },
  }
}

export const runOf = ({ eventId, workflowId, seed }: Seeded): RunRow => ({
  _id: seed._id,
  eventId,
  workflowId,
  standing: seed.kind === 'test' ? 'test' : 'newest',
  state: seed.state,
  version: seed.version,
  createdAt: seed.createdAt,
  startedAt: null,
  endedAt: null,
  dueAt: null,
  owner: null,
  fence: 0,
  interruptions: 0,
  cancelRequested: false,
  error: null,
  graph: seed.graph,
  journal: [],
})
