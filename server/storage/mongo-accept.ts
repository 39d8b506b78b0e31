import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { type Chunks, isLarge } from './mongo-bytes.ts'
import { claimOf, readEvent, rowOf } from './mongo-event-row.ts'
import { brokenBulk, isDuplicate } from './mongo-errors.ts'
import type { EventRow, Models } from './mongo-models.ts'
import type { Seeded, Seeds } from './mongo-seeds.ts'
import { together } from './mongo-together.ts'
import { insertAll, op } from './mongo-query.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Accepted, NewEvent, NewRun } from './storage.ts'

interface Arrival {
  readonly event: NewEvent
  readonly run: NewRun | undefined
  readonly row: EventRow
}

/** A key whose holder gives it up is asked for again, and may be taken by another meanwhile: so often at most. */
const triesMost = 5

/**
 * Stores events and their runs: all that arrive while a write is under way share the next, in one bulk insert. The event holds
 * its dedupe key itself, by a unique index, so that of two at the same instant one is refused, whichever process it came to.
 */
export function openAccept(models: Models, chunks: Chunks, seeds: Seeds) {
  const { workflows, events, runs } = models

  const insert = together(
    async (arrivals: readonly Arrival[]): Promise<readonly (Accepted | 'held' | Error)[]> => {
      const [known, sowing] = await Promise.all([
        knownOf(new Set(arrivals.map(({ event }) => event.workflowId))),
        seeds.sow(arrivals.flatMap(({ event, run }) => (run === undefined ? [] : [event.id]))),
      ])
      const fit = arrivals.filter(({ event }) => known.has(event.workflowId))
      const refused = await insertRows(fit.map(({ row }) => row))
      const stored = fit.filter((_, at) => !refused.has(at))
      await seeds.plantFirst(sowing, stored.flatMap(seededOf))
      const answers = new Map(
        fit.map((arrival, at) => [arrival, refused.get(at) ?? { kind: 'new' as const }]),
      )
      return arrivals.map(
        (arrival) => answers.get(arrival) ?? new NotFound(`there is no workflow ${arrival.event.workflowId}`),
      )
    },
  )

  async function knownOf(ids: ReadonlySet<WorkflowId>): Promise<ReadonlySet<WorkflowId>> {
    const rows = await workflows
      .find({ _id: op({ $in: [...ids] }) }, { _id: 1 })
      .lean<{ readonly _id: WorkflowId }[]>()
    return new Set(rows.map(({ _id }) => _id))
  }

  /** What was not stored, by its place: `held` where its claim or id was taken, else why the server refused it. */
  async function insertRows(rows: readonly EventRow[]): Promise<ReadonlyMap<number, 'held' | Error>> {
    try {
      await insertAll(events, rows)
      return new Map()
    } catch (error) {
      const { refused } = brokenBulk(error)
      return new Map(refused.map(({ index, error }) => [index, isDuplicate(error) ? 'held' : error]))
    }
  }

  /** Who holds the key: counts this one as its duplicate, or gives the key up when its window is over. */
  async function ask(arrival: Arrival): Promise<Accepted | 'free'> {
    const { event } = arrival
    const holder = await events.findOne({ claim: claimOf(event) }, { body: 0 }).lean<Omit<EventRow, 'body'>>()
    if (holder === null) {
      const same = await events.exists({ _id: event.id })
      if (same !== null) throw new Conflict(`there is an event ${event.id} already`)
      return 'free'
    }
    const isOurs = holder._id === event.id
    if (!isOurs && event.dedupeKey === null) throw new Conflict(`there is an event ${event.id} already`)
    if (!isOurs && (holder.dedupeUntil ?? 0) <= event.receivedAt) {
      await events.updateOne({ _id: holder._id, claim: holder.claim }, { $set: { claim: holder._id } })
      return 'free'
    }
    const { seed, leaving } = holder
    // Whoever stored it may have died before its run was made.
    if (seed !== undefined && leaving !== true && (await runs.exists({ _id: seed._id })) === null) {
      await seeds.plant({ eventId: holder._id, workflowId: holder.workflowId, seed })
    }
    // An insert whose answer was lost is made again by the driver, and finds itself.
    if (isOurs) return { kind: 'new' }
    // Durable only after the event itself is, since writes of one document are in order.
    const counted = await events
      .findOneAndUpdate({ _id: holder._id }, { $inc: { duplicates: 1 } }, { returnDocument: 'after' })
      .lean<EventRow>()
    return counted === null ? 'free' : { kind: 'duplicate', of: readEvent(counted) }
  }

  return async (event: NewEvent, run: NewRun | undefined): Promise<Accepted> => {
    const parts = isLarge(event.body) ? await chunks.put(event.id, event.body) : 0
    const arrival = { event, run, row: rowOf(event, run, parts) }
    for (let tries = 0; tries < triesMost; tries += 1) {
      const answer = await insert(arrival)
      const accepted = answer === 'held' ? await ask(arrival) : answer
      if (accepted === 'free') continue
      if (accepted.kind === 'duplicate') await chunks.remove([{ name: event.id, count: parts }])
      return accepted
    }
    throw new Conflict(`the dedupe key of ${event.id} changes hands too fast; send it again`)
  }
}

const seededOf = ({ event, row: { seed } }: Arrival): readonly Seeded[] =>
  seed === undefined ? [] : [{ eventId: event.id, workflowId: event.workflowId, seed }]
