import type { RunId, WorkerId } from '../../nodes/contract/ids.ts'
import { entryOf } from './journal.ts'
import { type Chunks, isLarge } from './mongo-bytes.ts'
import { isTooLarge } from './mongo-errors.ts'
import type { Entry, Models, RunRow } from './mongo-models.ts'
import { type Shown, errorBytes, hasEnded, readRun, runFields } from './mongo-run-row.ts'
import { inTurn } from './mongo-together.ts'
import { Conflict } from './storage.ts'
import type { Progress, Run, RunStore } from './storage.ts'

/**
 * What a worker does with a run in its hands. Each write is one change of one document that names the fence it was made
 * under: whoever holds the run no longer changes nothing.
 */
export function openRunWork(
  { runs, workers }: Models,
  chunks: Chunks,
): Pick<RunStore, 'claim' | 'record' | 'release'> {
  const turn = inTurn()
  /** Workers that this process knows to be in the store. */
  const known = new Set<WorkerId>()

  /** One that claims is alive, also before its first beat. */
  async function know(worker: WorkerId): Promise<void> {
    if (known.has(worker)) return
    await workers.updateOne({ _id: worker }, { $setOnInsert: { beat: 0 } }, { upsert: true })
    known.add(worker)
  }

  /** Nearly every claim is a run's first: one round trip. */
  async function claimFirst(id: RunId, worker: WorkerId, at: number): Promise<Run | undefined> {
    const row = await runs
      .findOneAndUpdate(
        { _id: id, state: 'accepted', fence: 0 },
        { $set: { state: 'running', owner: worker, startedAt: at, fence: 1 } },
        { returnDocument: 'after' },
      )
      .lean<RunRow>()
    return row === null ? undefined : readRun(row)
  }

  async function claimAgain(id: RunId, worker: WorkerId, at: number): Promise<Run | undefined> {
    for (;;) {
      const row = await runs.findOne({ _id: id }, runFields).lean<Shown>()
      if (row === null || row.state === 'held' || hasEnded(row.state)) return undefined
      const { owner, state, fence } = row
      const taken = owner !== null && owner !== worker
      if (taken && (await workers.exists({ _id: owner })) !== null) return undefined
      const claimed: Shown = {
        ...row,
        state: 'running',
        owner: worker,
        fence: fence + 1,
        startedAt: row.startedAt ?? at,
        interruptions: row.interruptions + (taken ? 1 : 0),
        dueAt: null,
      }
      const { startedAt, interruptions } = claimed
      const { matchedCount } = await runs.updateOne(
        { _id: id, state, fence },
        {
          $set: { state: 'running', owner: worker, fence: fence + 1, startedAt, interruptions, dueAt: null },
        },
      )
      if (matchedCount > 0) return readRun(claimed)
      // Somebody was faster; what there is to claim has to be read again.
    }
  }

  async function keep(
    id: RunId,
    fence: number,
    steps: Progress['steps'],
    how: 'inside' | 'beside',
  ): Promise<Entry> {
    const bytes = Buffer.from(entryOf(steps))
    if (how === 'inside' && !isLarge(bytes)) return { bytes }
    // Of this fence: what another holder of the run keeps has another name.
    const chunked = `${id}:${fence}:${steps[0]?.id ?? ''}:${steps[0]?.endedAt ?? 0}`
    return { chunked, chunks: await chunks.put(chunked, bytes) }
  }

  async function write(
    id: RunId,
    fence: number,
    entry: Entry | undefined,
    change: Progress['change'],
    learntAt: number,
  ) {
    const more = {
      ...(entry !== undefined && { $push: { journal: entry } }),
    }
    const calm = entry !== undefined && { interruptions: 0 }
    const held = { _id: id, fence, state: 'running' } as const
    const set = (fields: object) => ({ ...more, $set: { ...calm, ...fields } })
    const update = async (filter: object, fields: object) =>
      (await runs.updateOne(filter, set(fields))).matchedCount > 0
    if (change === undefined && entry === undefined) return (await runs.exists(held)) !== null
    if (change === undefined) return update(held, {})
    if (change.state !== 'waiting') {
      const error = errorBytes(change.state === 'failed' ? change.error : null)
      return update(held, { state: change.state, endedAt: change.at, dueAt: null, error, owner: null })
    }
    const { dueAt } = change
    return (
      (await update({ ...held, cancelRequested: false }, { state: 'waiting', dueAt, owner: null })) ||
      // Cancelled while this was on its way here: there is nothing to wait for.
      (await update(
        { ...held, cancelRequested: true },
        { state: 'cancelled', endedAt: learntAt, dueAt: null, owner: null },
      ))
    )
  }

  return {
    claim: (id, worker, at) =>
      turn(id, async () => {
        await know(worker)
        return (await claimFirst(id, worker, at)) ?? claimAgain(id, worker, at)
      }),

    async record(id, fence, { steps, change }) {
      const learntAt = steps.at(-1)?.endedAt ?? (change?.state === 'waiting' ? change.dueAt : 0)
      const entry = (how: 'inside' | 'beside') =>
        steps.length === 0 ? undefined : keep(id, fence, steps, how)
      let isOurs: boolean
      try {
        isOurs = await write(id, fence, await entry('inside'), change, learntAt)
      } catch (error) {
        if (!isTooLarge(error)) throw error
        // A run of very many steps: what it learns from now on lies beside it.
        isOurs = await write(id, fence, await entry('beside'), change, learntAt)
      }
      if (isOurs) return
      throw new Conflict(`${id} is not in these hands any more: somebody else holds it, or it has ended`)
    },

    async release(id, fence) {
      await runs.updateOne({ _id: id, fence, state: 'running' }, { $set: { state: 'queued', owner: null } })
    },
  }
}
