import type { QueryFilter } from 'mongoose'
import { openAccept } from './mongo-accept.ts'
import type { Chunks } from './mongo-bytes.ts'
import { openForget } from './mongo-forget.ts'
import { eventFields, readEvent } from './mongo-event-row.ts'
import type { EventRow, Models } from './mongo-models.ts'
import type { Seeds } from './mongo-seeds.ts'
import { op } from './mongo-query.ts'
import { pageOf } from './page.ts'
import type { EventFilter, EventStore, Page } from './storage.ts'

type Shown = Omit<EventRow, 'body' | 'claim' | 'dedupeUntil'>

export function openEvents(models: Models, chunks: Chunks, seeds: Seeds): EventStore {
  const { events } = models
  return {
    accept: openAccept(models, chunks, seeds),
    async keepAnswer(id, answer) {
      await events.updateOne({ _id: id, answer: null }, { $set: { answer } })
    },
    async get(id) {
      const row = await events.findOne({ _id: id }, eventFields).lean<Shown>()
      return row === null ? undefined : readEvent(row)
    },
    async body(id) {
      const row = await events
        .findOne({ _id: id }, { body: 1, chunks: 1 })
        .lean<Pick<EventRow, 'body' | 'chunks'>>()
      if (row === null) return undefined
      return row.body ?? chunks.get(id, row.chunks)
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
