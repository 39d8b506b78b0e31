import type { RunId, WorkerId } from '../../nodes/contract/ids.ts'
import { entryOf } from './journal.ts'
import { type Chunks, isLarge } from './mongo-bytes.ts'
import { isTooLarge } from './mongo-errors.ts'
import type { Entry, Models } from './mongo-models.ts'
import { type RunChange, openRunChanges } from './mongo-run-changes.ts'
import { type Shown, errorBytes, hasEnded, readRun } from './mongo-run-row.ts'
import { inTurn } from './mongo-together.ts'
import { Conflict } from './storage.ts'
import type { Progress, Run, RunStore } from './storage.ts'

/**
 * What a worker does with a run in its hands. Each write is one change of one document that names the fence it was made
 * under: whoever holds the run no longer changes nothing.
 */
export function openRunWork(
  models: Models,
  chunks: Chunks,
  read: (id: RunId) => Promise<Shown | undefined>,
): Pick<RunStore, 'claim' | 'begin' | 'record' | 'release'> {
  const { runs, workers } = models
  const change = openRunChanges(models)
  const turn = inTurn()
  /** Workers that this process knows to be in the store. */
  const known = new Set<WorkerId>()

  /** One that claims is alive, also before its first beat. */
  async function know(worker: WorkerId): Promise<void> {
    if (known.has(worker)) return
    await workers.updateOne({ _id: worker }, { $setOnInsert: { beat: 0 } }, { upsert: true })
    known.add(worker)
  }

  async function claim(id: RunId, worker: WorkerId, at: number): Promise<Run | undefined> {
    for (;;) {
      const row = await read(id)
      if (row === undefined || row.state === 'held' || hasEnded(row.state)) return undefined
      const { owner, state, fence } = row
      const taken = owner !== null && owner !== worker
      if (taken && (await workers.exists({ _id: owner })) !== null) return undefined
      const set = {
        state: 'running',
        owner: worker,
        fence: fence + 1,
        startedAt: row.startedAt ?? at,
        interruptions: row.interruptions + (taken ? 1 : 0),
        dueAt: null,
      } as const
      if (await change({ was: { _id: id, state, fence }, set })) return readRun({ ...row, ...set })
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

  /** Writes what was learnt, if the run still is what it `was`; whether it was. */
  async function write(
    was: RunChange['was'],
    taken: RunChange['set'],
    entry: Entry | undefined,
    ending: Progress['change'],
    learntAt: number,
  ): Promise<boolean> {
    const update = (was: RunChange['was'], fields: RunChange['set']) =>
      change({
        was,
        set: { ...taken, ...(entry !== undefined && { interruptions: 0 }), ...fields },
        ...(entry !== undefined && { push: { journal: entry } }),
      })
    if (ending === undefined) return update(was, {})
    if (ending.state !== 'waiting') {
      const error = errorBytes(ending.state === 'failed' ? ending.error : null)
      return update(was, { state: ending.state, endedAt: ending.at, dueAt: null, error, owner: null })
    }
    const { dueAt } = ending
    return (
      (await update({ ...was, cancelRequested: false }, { state: 'waiting', dueAt, owner: null })) ||
      // Cancelled while this was on its way here: there is nothing to wait for.
      (await update(
        { ...was, cancelRequested: true },
        { state: 'cancelled', endedAt: learntAt, dueAt: null, owner: null },
      ))
    )
  }

  /** @param taken what else becomes of the run with this write */
  async function record(
    id: RunId,
    fence: number,
    was: RunChange['was'],
    taken: RunChange['set'],
    { steps, change: ending }: Progress,
  ): Promise<boolean> {
    const learntAt = steps.at(-1)?.endedAt ?? (ending?.state === 'waiting' ? ending.dueAt : 0)
    const writeIt = async (how: 'inside' | 'beside') => {
      const entry = steps.length === 0 ? undefined : await keep(id, fence, steps, how)
      return write(was, taken, entry, ending, learntAt)
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
  const takenFirst = (worker: WorkerId, at: number) =>
    ({ state: 'running', owner: worker, startedAt: at, fence: 1 }) as const

  return {
    claim: (id, worker, at) =>
      turn(id, async () => {
        await know(worker)
        return claim(id, worker, at)
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
