import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { bufferOf } from './mongo-bytes.ts'
import type { Models, RejectedRow, RejectionRow } from './mongo-models.ts'
import { insertAll, op } from './mongo-query.ts'
import { inTurn } from './mongo-together.ts'
import { pageOf } from './page.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Rejection, RejectionsKept, RejectionStore } from './storage.ts'

type Shown = Omit<RejectionRow, 'body'>

/** Few by design: each workflow keeps its last ones only. */
export function openRejections({ workflows, rejections, rejected }: Models): RejectionStore {
  const turn = inTurn()

  const count = (workflowId: WorkflowId, times: number, kept: number, keptBytes: number) =>
    rejected
      .findOneAndUpdate(
        { _id: workflowId },
        { $inc: { count: times, kept, keptBytes } },
        { upsert: true, returnDocument: 'after' },
      )
      .lean<RejectedRow>()

  /** Removes the oldest of its workflow until the rest fits; never the newest. */
  async function makeRoom(
    { _id, workflowId, bytes }: RejectionRow,
    keep: RejectionsKept,
    counted: RejectedRow | null,
  ): Promise<void> {
    let now = counted
    while (now !== null && (now.kept > keep.count || now.keptBytes > keep.bytes)) {
      const first = await rejections
        .findOne({ workflowId }, { bytes: 1 })
        .sort({ _id: 1 })
        .lean<Pick<RejectionRow, '_id' | 'bytes'>>()
      if (first === null || first._id === _id) {
        // Alone, whatever was counted: a process died between its count and its rejection.
        await rejected.updateOne({ _id: workflowId }, { $set: { kept: 1, keptBytes: bytes } })
        return
      }
      const { deletedCount } = await rejections.deleteOne({ _id: first._id })
      // What another process removed, it has counted.
      now =
        deletedCount > 0
          ? await count(workflowId, 0, -1, -first.bytes)
          : await rejected.findOne({ _id: workflowId }).lean<RejectedRow>()
    }
  }

  return {
    async add({ id, rawHeaders, fingerprints, ...plain }, body, keep) {
      const { workflowId } = plain
      if ((await workflows.exists({ _id: workflowId })) === null) {
        throw new NotFound(`there is no workflow ${workflowId}`)
      }
      const headers = JSON.stringify(rawHeaders)
      const row: RejectionRow = {
        _id: id,
        ...plain,
        headers,
        fingerprints: JSON.stringify(fingerprints),
        body: bufferOf(body),
        bytes: body.byteLength + headers.length + plain.path.length,
      }
      // Counted first: who dies in between keeps one too few, never one too many.
      const counted = await count(workflowId, plain.times, 1, row.bytes)
      await insertAll(rejections, [row])
      await makeRoom(row, keep, counted)
    },
    async repeat(id, workflowId, times) {
      if ((await workflows.exists({ _id: workflowId })) === null) return
      await rejections.updateOne({ _id: id }, { $inc: { times } })
      await count(workflowId, times, 0, 0)
    },
    async get(id) {
      const row = await rejections.findOne({ _id: id }, { body: 0 }).lean<Shown>()
      return row === null ? undefined : readRejection(row)
    },
    async body(id) {
      const row = await rejections.findOne({ _id: id }, { body: 1 }).lean<Pick<RejectionRow, 'body'>>()
      return row?.body
    },
    async list({ workflowId, reason, status, ip, isAccepted }, page) {
      const rows = await rejections
        .find(
          {
            ...(workflowId !== undefined && { workflowId }),
            ...(reason !== undefined && { reason }),
            ...(status !== undefined && { status }),
            ...(ip !== undefined && { ip }),
            ...(isAccepted !== undefined && { acceptedAs: isAccepted ? op({ $ne: null }) : null }),
            ...(page.after !== undefined && { _id: op({ $lt: page.after }) }),
          },
          { body: 0 },
        )
        .sort({ _id: -1 })
        .limit(page.limit + 1)
        .lean<Shown[]>()
      return pageOf(rows, page, readRejection, ({ _id }) => _id)
    },
    async forget(before, limit) {
      const oldest = await rejections
        .find({}, { at: 1, bytes: 1, workflowId: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<Pick<RejectionRow, '_id' | 'at' | 'bytes' | 'workflowId'>[]>()
      let forgotten = 0
      for (const { _id, bytes, workflowId } of oldest.filter(({ at }) => at < before)) {
        const { deletedCount } = await rejections.deleteOne({ _id })
        if (deletedCount > 0) await count(workflowId, 0, -1, -bytes)
        forgotten += deletedCount
      }
      return forgotten
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

const readRejection = ({ _id, headers, fingerprints, ...row }: Shown): Rejection => ({
  id: _id,
  workflowId: row.workflowId,
  kind: row.kind,
  at: row.at,
  status: row.status,
  reason: row.reason,
  detail: row.detail,
  method: row.method,
  path: row.path,
  rawHeaders: JSON.parse(headers) as string[],
  ip: row.ip,
  bodyBytes: row.bodyBytes,
  fingerprints: JSON.parse(fingerprints) as Rejection['fingerprints'],
  acceptedAs: row.acceptedAs,
  times: row.times,
})
