import type { QueryFilter } from 'mongoose'
import { openAccept } from './mongo-accept.ts'
import type { Chunks } from './mongo-bytes.ts'
import { openForget } from './mongo-forget.ts'
import { eventFields, readEvent, wholeEventFields } from './mongo-event-row.ts'
import type { EventRow, Models } from './mongo-models.ts'
import type { Seeds } from './mongo-seeds.ts'
import { op, openReads } from './mongo-query.ts'
import { pageOf } from './page.ts'
import type { EventFilter, EventStore, Page } from './storage.ts'

type Shown = Omit<EventRow, 'claim' | 'dedupeUntil' | 'body'> & Partial<Pick<EventRow, 'body'>>

export function openEvents(models: Models, chunks: Chunks, seeds: Seeds): EventStore {
  const { events } = models
  const read = openReads<Shown, EventRow>(events, (isWhole) => (isWhole ? wholeEventFields : eventFields))
  return {
    accept: openAccept(models, chunks, seeds),
    async keepAnswer(id, answer) {
      await events.updateOne({ _id: id, answer: null }, { $set: { answer } })
    },
    async get(id) {
      const row = await read(id)
      return row && readEvent(row)
    },
    async body(id) {
      const row = await read(id, true)
      return row && (row.body ?? chunks.get(id, row.chunks))
    },
    async list(filter, page) {
      const rows = await events
        .find(eventQuery(filter, page), eventFields)
        .sort({ _id: -1 })
        .limit(page.limit + 1)
        .lean<Shown[]>()
      return pageOf(rows, page, readEvent, ({ _id }) => _id)
    },
    forget: openForget(models, chunks, seeds),
  }
}

/** Where no workflow is asked for, both kinds are named, so that their index is of use. */
function eventQuery({ workflowId, kind, type }: EventFilter, { after }: Page): QueryFilter<EventRow> {
  const anyKind = workflowId === undefined && type !== undefined
  return {
    ...(workflowId !== undefined && { workflowId }),
    ...(kind !== undefined ? { kind } : anyKind && { kind: op({ $in: ['production', 'test'] }) }),
    ...(type !== undefined && { type }),
    ...(after !== undefined && { _id: op({ $lt: after }) }),
  }
}
