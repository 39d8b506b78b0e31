import { bufferOf } from './mongo-bytes.ts'
import type { Models, RejectionRow } from './mongo-models.ts'
import { insertAll, op } from './mongo-query.ts'
import { inTurn } from './mongo-together.ts'
import { pageOf } from './page.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Rejection, RejectionStore } from './storage.ts'

type Shown = Omit<RejectionRow, 'body'>

/** Few by design: each workflow keeps its last ones only. */
export function openRejections({ workflows, rejections, rejected }: Models): RejectionStore {
  const turn = inTurn()
  return {
    async add({ id, rawHeaders, ...plain }, body, keep) {
      const { workflowId } = plain
      if ((await workflows.exists({ _id: workflowId })) === null) {
        throw new NotFound(`there is no workflow ${workflowId}`)
      }
      const row: RejectionRow = {
        _id: id,
        ...plain,
        headers: JSON.stringify(rawHeaders),
        body: bufferOf(body),
      }
      await insertAll(rejections, [row])
      const counted = await rejected
        .findOneAndUpdate(
          { _id: workflowId },
          { $inc: { count: 1 } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean<{ readonly count: number }>()
      if ((counted?.count ?? 0) <= keep) return
      const beyond = await rejections
        .find({ workflowId }, { _id: 1 })
        .sort({ _id: -1 })
        .skip(keep)
        .limit(keep)
        .lean<Pick<RejectionRow, '_id'>[]>()
      if (beyond.length === 0) return
      await rejections.deleteMany({ _id: op({ $in: beyond.map(({ _id }) => _id) }) })
    },
    async get(id) {
      const row = await rejections.findOne({ _id: id }, { body: 0 }).lean<Shown>()
      return row === null ? undefined : readRejection(row)
    },
    async body(id) {
      const row = await rejections.findOne({ _id: id }, { body: 1 }).lean<Pick<RejectionRow, 'body'>>()
      return row?.body
    },
    async list({ workflowId, reason }, page) {
      const rows = await rejections
        .find(
          {
            ...(workflowId !== undefined && { workflowId }),
            ...(reason !== undefined && { reason }),
            ...(page.after !== undefined && { _id: op({ $lt: page.after }) }),
          },
          { body: 0 },
        )
        .sort({ _id: -1 })
        .limit(page.limit + 1)
        .lean<Shown[]>()
      return pageOf(rows, page, readRejection, ({ _id }) => _id)
    },
    markAccepted: (id, as) =>
      turn(id, async () => {
        const { matchedCount } = await rejections.updateOne(
          { _id: id, acceptedAs: null },
          { $set: { acceptedAs: as } },
        )
        if (matchedCount > 0) return
        const row = await rejections.findOne({ _id: id }, { body: 0 }).lean<Shown>()
        if (row === null) throw new NotFound(`there is no rejection ${id}`)
        throw new Conflict(`${id} was accepted already, as ${row.acceptedAs}`)
      }),
  }
}

const readRejection = ({ _id, headers, ...row }: Shown): Rejection => ({
  id: _id,
  workflowId: row.workflowId,
  at: row.at,
  status: row.status,
  reason: row.reason,
  detail: row.detail,
  method: row.method,
  path: row.path,
  rawHeaders: JSON.parse(headers) as string[],
  ip: row.ip,
  bodyBytes: row.bodyBytes,
  acceptedAs: row.acceptedAs,
})
