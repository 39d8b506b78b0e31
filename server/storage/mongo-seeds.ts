/**
 * An event and its run are two documents, and nothing here needs a transaction: the event carries the seed of its run, and what
 * is about to be planted is written down before. Whoever dies in between, the seed is found and planted by another, which
 * changes nothing where it was. While one server leads, each write is as durable as those after it: its log is in order.
 *
 *   sowing {events} ─► events {seed} ─► their first runs ─► no sowing            many at once
 *   event {open, seed} ─► another run of it ─► older ones stand back ─► event {}
 */
import { randomUUID } from 'node:crypto'
import type { ClientSession } from 'mongoose'
import type { EventId, RunId, WorkflowId } from '../../nodes/contract/ids.ts'
import { brokenBulk, isDuplicate } from './mongo-errors.ts'
import type { EventRow, Models, RunRow, Seed, SowingRow } from './mongo-models.ts'
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

/** Events that are asked for at once. */
const askedAtOnce = 1_000
/** What is durable as soon as what comes after it is, or found again where it is not: nobody waits for the disk. */
const soon = { w: 1, journal: false }
/** An event of a sowing that is not stored so long after somebody looked first never will be. */
const sownMs = 600_000

export interface Seeds {
  /** Comes before events are stored whose runs are made afterwards; `undefined` where there are none. */
  sow(eventIds: readonly EventId[]): Promise<Sowing | undefined>
  /** Makes the runs of events that were just stored and have no other. */
  plantFirst(sowing: Sowing | undefined, seeded: readonly Seeded[]): Promise<void>
  /** Makes the run whatever is there already, and lets the older ones stand back. */
  plant(seeded: Seeded): Promise<void>
  /** Sets right which of an event's runs is the newest. */
  standBack(eventId: EventId): Promise<void>
  /** Plants what somebody left who died: bounded work, done when it resolves. */
  plantAll(): Promise<void>
  /** Production events whose run may not have been made, some at a time: few, beside those that never got one. */
  unplanted(within: Within): AsyncIterable<readonly EventId[]>
}

export type Sowing = Pick<SowingRow, '_id'>
/** The moment of which it is asked. */
export interface Within {
  readonly session?: ClientSession
}

type Doubtful = Pick<EventRow, '_id' | 'workflowId' | 'kind' | 'seed' | 'open' | 'leaving'>
const doubtfulFields = { workflowId: 1, kind: 1, seed: 1, open: 1, leaving: 1 } as const

export function openSeeds({ events, runs, sowings }: Models): Seeds {
  /** Sowings of which not all events are there, by when they were looked at first. */
  let unstored = new Map<string, number>()
  const insert = async (seeded: readonly Seeded[], options: Parameters<typeof insertAll>[2] = {}) => {
    try {
      await insertAll(runs, seeded.map(runOf), options)
    } catch (error) {
      // Those that were planted before are there; the others are now, unless they were refused for another reason.
      for (const refused of brokenBulk(error).refused) if (!isDuplicate(refused.error)) throw refused.error
    }
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
  /** Of many, which the driver does not retry: another server that leads by then may not have the runs. */
  const unsow = async ({ _id }: Sowing) => {
    await sowings.deleteMany({ _id }, { writeConcern: soon })
  }
  /** A draft's graph is in its run. */
  const forgetGraphs = async (seeded: readonly Seeded[]) => {
    const ids = seeded.filter(({ seed }) => seed.graph !== null).map(({ eventId }) => eventId)
    if (ids.length === 0) return
    await events.updateMany(
      { _id: op({ $in: ids }) },
      { $unset: { 'seed.graph': '' } },
      { writeConcern: soon },
    )
  }
  /** Events that say that a run of theirs is to be made, or that they have none. */
  async function* openEvents(within: Within): AsyncGenerator<readonly Doubtful[]> {
    for (let after = ''; ;) {
      const rows = await events
        .find({ open: true, _id: op({ $gt: after }) }, doubtfulFields, within)
        .sort({ _id: 1 })
        .limit(askedAtOnce)
        .lean<Doubtful[]>()
      yield rows
      const last = rows.at(-1)
      if (last === undefined || rows.length < askedAtOnce) return
      after = last._id
    }
  }
  async function* sown(
    within: Within,
  ): AsyncGenerator<{ readonly sowing: SowingRow; readonly rows: readonly Doubtful[] }> {
    for await (const sowing of sowings.find({}, {}, within).lean<SowingRow[]>().cursor()) {
      const query = events.find({ _id: op({ $in: sowing.eventIds }) }, doubtfulFields, within)
      yield { sowing, rows: await query.lean<Doubtful[]>() }
    }
  }
  const plantThose = async (rows: readonly Doubtful[]) => {
    for (const { _id: eventId, workflowId, seed, leaving } of rows) {
      if (seed !== undefined && leaving !== true) await plant({ eventId, workflowId, seed })
    }
  }
  const withoutTheirRun = async (rows: readonly Doubtful[]) => {
    const ids = rows.flatMap(({ seed }) => seed?._id ?? [])
    if (ids.length === 0) return []
    const query = runs.find({ _id: op({ $in: ids }) }, { _id: 1 }).readConcern('majority')
    const made = await query.lean<Pick<RunRow, '_id'>[]>()
    const isMade = new Set<RunId | undefined>(made.map(({ _id }) => _id))
    return rows.filter(({ seed }) => !isMade.has(seed?._id))
  }
  return {
    async sow(eventIds) {
      if (eventIds.length === 0) return undefined
      const sowing = { _id: randomUUID(), eventIds }
      await insertAll(sowings, [sowing], { writeConcern: soon })
      return sowing
    },
    async plantFirst(sowing, seeded) {
      await insert(seeded, { writeConcern: soon })
      // Nobody waits for these: what is not taken back now is at the next look.
      if (sowing !== undefined) unsow(sowing).catch(() => undefined)
      forgetGraphs(seeded).catch(() => undefined)
    },
    plant,
    standBack,
    async plantAll() {
      for await (const rows of openEvents({})) await plantThose(rows)
      const seen = new Map<string, number>()
      for await (const { sowing, rows } of sown({})) {
        await plantThose(await withoutTheirRun(rows))
        const now = performance.now()
        const since = unstored.get(sowing._id) ?? now
        if (rows.length === sowing.eventIds.length || now > since + sownMs) await unsow(sowing)
        else seen.set(sowing._id, since)
      }
      unstored = seen
    },
    async *unplanted(within) {
      for await (const rows of openEvents(within)) yield idsOf(rows)
      for await (const { rows } of sown(within)) yield idsOf(rows.filter(({ open }) => open !== true))
    },
  }
}

/** What is leaving counts no more. */
const idsOf = (rows: readonly Doubtful[]) =>
  rows.filter(({ kind, leaving }) => kind === 'production' && leaving !== true).map(({ _id }) => _id)

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
