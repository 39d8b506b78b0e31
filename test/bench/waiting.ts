import { randomBytes } from 'node:crypto'
import { makeId, readId } from '../../nodes/contract/ids.ts'
import { noteOf } from '../../server/engine/enqueue.ts'
import type { Queue } from '../../server/queue/queue.ts'
import { openMongo } from '../../server/storage/mongo-connect.ts'
import { rowOf } from '../../server/storage/mongo-event-row.ts'
import { insertAll } from '../../server/storage/mongo-query.ts'
import { runOf, seedOf } from '../../server/storage/mongo-seeds.ts'

const atOnce = 1_000
const dayMs = 86_400_000

/** Puts runs that wait for tomorrow into a store, past the door: through it, they would take minutes. */
export async function plantWaiting(url: string, workflow: string, count: number): Promise<void> {
  const workflowId = readId('wf', workflow)
  if (workflowId === undefined) throw new Error(`${workflow} is no workflow's id`)
  const { models, close } = await openMongo(url)
  const now = Date.now()
  const pair = (at: number) => {
    const event = {
      id: makeId('evt', at, randomBytes(10)),
      workflowId,
      kind: 'production' as const,
      receivedAt: at,
      method: 'POST',
      path: '',
      rawHeaders: ['content-type', 'application/json'],
      ip: '192.0.2.1',
      type: 'push',
      verified: true,
      dedupeKey: null,
      answer: null,
      acceptedFrom: null,
      isRetry: false,
      body: Buffer.alloc(2_000, 'x'),
      dedupeWindowMs: 0,
    }
    const run = {
      id: makeId('run', at, randomBytes(10)),
      eventId: event.id,
      workflowId,
      kind: 'production' as const,
      version: 1,
      createdAt: at,
      state: 'accepted' as const,
    }
    const row = rowOf(event, run, 0)
    const planted = runOf({ eventId: event.id, workflowId, seed: seedOf(run) })
    const waits = { state: 'waiting', startedAt: at, dueAt: now + dayMs, fence: 1 } as const
    return { row, run: { ...planted, ...waits } }
  }
  for (let made = 0; made < count; made += atOnce) {
    const some = Math.min(atOnce, count - made)
    const pairs = Array.from({ length: some }, (_, n) => pair(now - count + made + n))
    await Promise.all([
      insertAll(
        models.events,
        pairs.map(({ row }) => row),
      ),
      insertAll(
        models.runs,
        pairs.map(({ run }) => run),
      ),
    ])
  }
  await close()
}

/** Puts jobs that wait for tomorrow into a queue, as the engine adds them. */
export async function queueWaiting(queue: Queue, lane: string, count: number): Promise<void> {
  const dueAt = Date.now() + dayMs
  for (let made = 0; made < count; made += atOnce) {
    const some = Math.min(atOnce, count - made)
    await queue.add(
      Array.from({ length: some }, () => {
        const createdAt = Date.now()
        const eventId = makeId('evt', createdAt, randomBytes(10))
        const key = makeId('run', createdAt, randomBytes(10))
        return { key, lane, note: noteOf({ eventId, version: 1, createdAt }), dueAt }
      }),
    )
  }
}
