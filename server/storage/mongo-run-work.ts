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
): Pick<RunStore, 'claim' | 'begin' | 'record' | 'release'> {
  const turn = inTurn()
  /** Workers that this process knows to be in the store. */
  const known = new Set<WorkerId>()

  /** One that claims is alive, also before its first beat. */
  async function know(worker: WorkerId): Promise<void> {
    if (known.has(worker)) return
    await workers.updateOne({ _id: worker }, { $setOnInsert: { beat: 0 } }, { upsert: true })
    known.add(worker)
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

  /** Writes what was learnt, if the run is still as `held` says; whether it was. */
  async function write(
    held: object,
    taken: object,
    entry: Entry | undefined,
    change: Progress['change'],
    learntAt: number,
  ): Promise<boolean> {
    const update = async (filter: object, fields: object) => {
      const set = { ...taken, ...(entry !== undefined && { interruptions: 0 }), ...fields }
      if (entry === undefined && Object.keys(set).length === 0) return (await runs.exists(filter)) !== null
      const push = entry === undefined ? {} : { $push: { journal: entry } }
      return (await runs.updateOne(filter, { $set: set, ...push })).matchedCount > 0
    }
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

  /** @param taken what else becomes of the run with this write */
  async function record(
    id: RunId,
    fence: number,
    held: object,
    taken: object,
    { steps, change }: Progress,
  ): Promise<boolean> {
    const learntAt = steps.at(-1)?.endedAt ?? (change?.state === 'waiting' ? change.dueAt : 0)
    const writeIt = async (how: 'inside' | 'beside') => {
      const entry = steps.length === 0 ? undefined : await keep(id, fence, steps, how)
      return write(held, taken, entry, change, learntAt)
    }
    try {
      return await writeIt('inside')
    } catch (error) {
      if (!isTooLarge(error)) throw error
      // A run of very many steps: what it learns from now on lies beside it.
      return writeIt('beside')
    }
  }

  const held = (id: RunId, fence: number) => ({ _id: id, fence, state: 'running' }) as const
  const first = (id: RunId) => ({ _id: id, state: 'accepted', fence: 0 }) as const
  const takenFirst = (worker: WorkerId, at: number) => ({
    state: 'running' as const,
    owner: worker,
    startedAt: at,
    fence: 1,
  })

  /** Nearly every claim is a run's first: one round trip. */
  async function claimFirst(id: RunId, worker: WorkerId, at: number): Promise<Run | undefined> {
    const row = await runs
      .findOneAndUpdate(first(id), { $set: takenFirst(worker, at) }, { returnDocument: 'after' })
      .lean<RunRow>()
    return row === null ? undefined : readRun(row)
  }

  return {
    claim: (id, worker, at) =>
      turn(id, async () => {
        await know(worker)
        return (await claimFirst(id, worker, at)) ?? claimAgain(id, worker, at)
      }),

    begin: (id, worker, at, progress) =>
      turn(id, async () => {
        await know(worker)
        return (await record(id, 1, first(id), takenFirst(worker, at), progress)) ? 1 : undefined
      }),

    async record(id, fence, progress) {
      if (await record(id, fence, held(id, fence), {}, progress)) return
      throw new Conflict(`${id} is not in these hands any more: somebody else holds it, or it has ended`)
    },

    async release(id, fence) {
      await runs.updateOne(held(id, fence), { $set: { state: 'queued', owner: null } })
    },
  }
}
