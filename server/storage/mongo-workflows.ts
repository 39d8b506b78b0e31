import { createHash } from 'node:crypto'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { isDuplicate } from './mongo-errors.ts'
import type { Models, VersionRow, WorkflowRow } from './mongo-models.ts'
import { insertAll, op } from './mongo-query.ts'
import { inTurn } from './mongo-together.ts'
import { pageOf } from './page.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Version, Workflow, WorkflowStore } from './storage.ts'

/** @param purge removes what belonged to a workflow that is gone */
export function openWorkflows(
  { workflows, versions, departed }: Models,
  purge: (id: WorkflowId) => Promise<void>,
): WorkflowStore {
  const found = (row: WorkflowRow | null) => (row === null ? undefined : readWorkflow(row))
  const get = async (id: WorkflowId) => found(await workflows.findOne({ _id: id }).lean<WorkflowRow>())
  const turn = inTurn()
  const gone = (id: WorkflowId) => new NotFound(`there is no workflow ${id}`)
  const keyTaken = (error: unknown, key: string | undefined): unknown =>
    isDuplicate(error)
      ? new Conflict(`the key ${key} belongs to another workflow already; choose another`)
      : error

  return {
    async create(workflow) {
      try {
        await insertAll(workflows, [{ ...rowOf(workflow), numbered: workflow.version ?? 0 }])
      } catch (error) {
        throw keyTaken(error, workflow.key)
      }
    },
    get,
    byKey: async (key) => found(await workflows.findOne({ key }).lean<WorkflowRow>()),
    byToken: async (token) =>
      found(await workflows.findOne({ tokenHash: hashOf(token) }).lean<WorkflowRow>()),
    async list(page) {
      const rows = await workflows
        .find(page.after === undefined ? {} : { _id: op({ $lt: page.after }) })
        .sort({ _id: -1 })
        .limit(page.limit + 1)
        .lean<WorkflowRow[]>()
      return pageOf(rows, page, readWorkflow, ({ _id }) => _id)
    },
    update: (id, revision, change) =>
      turn(id, async () => {
        const { token, draft, ...plain } = change
        const set = {
          ...plain,
          ...(token !== undefined && { token, tokenHash: hashOf(token) }),
          ...(draft !== undefined && { draft: Buffer.from(draft) }),
        }
        try {
          const row = await workflows
            .findOneAndUpdate(
              { _id: id, revision },
              { $set: set, $inc: { revision: 1 } },
              { returnDocument: 'after' },
            )
            .lean<WorkflowRow>()
          if (row !== null) return readWorkflow(row)
        } catch (error) {
          throw keyTaken(error, change.key)
        }
        const current = await get(id)
        if (current === undefined) throw gone(id)
        throw new Conflict(
          `${id} is at revision ${current.revision}, the change was made to ${revision}; read it again`,
        )
      }),
    async delete(id) {
      if ((await get(id)) === undefined) throw gone(id)
      // Remembered first: whoever opens the store next finishes what is begun here.
      await departed.updateOne({ _id: id }, { $set: { at: Date.now() } }, { upsert: true })
      await workflows.deleteOne({ _id: id })
      await purge(id)
    },
    async publish(id, { graph, note, createdAt }) {
      // The number is taken first, and shown last: two that publish at once make two versions.
      const row = await workflows
        .findOneAndUpdate({ _id: id }, { $inc: { numbered: 1 } }, { returnDocument: 'after' })
        .lean<WorkflowRow>()
      if (row === null) throw gone(id)
      const published: Version = { workflowId: id, number: row.numbered, graph, note, createdAt }
      await insertAll(versions, [
        {
          _id: `${id}:${row.numbered}`,
          ...published,
          graph: Buffer.from(graph),
        },
      ])
      await workflows.updateOne({ _id: id }, { $max: { version: row.numbered } })
      return published
    },
    async version(id, number) {
      // Kept by who asks, for as long as it lives: so only what no failover takes back.
      const row = await versions
        .findOne({ _id: `${id}:${number}` })
        .readConcern('majority')
        .lean<VersionRow>()
      return row === null ? undefined : readVersion(row)
    },
    async versions(id, page) {
      const below = page.after === undefined ? {} : { number: op({ $lt: Number(page.after) }) }
      const rows = await versions
        .find({ workflowId: id, ...below })
        .sort({ number: -1 })
        .limit(page.limit + 1)
        .lean<VersionRow[]>()
      return pageOf(rows, page, readVersion, ({ number }) => String(number))
    },
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

const rowOf = ({ id, draft, version, ...rest }: Workflow) => ({
  _id: id,
  ...rest,
  tokenHash: hashOf(rest.token),
  draft: Buffer.from(draft),
  version: version ?? 0,
})

const readWorkflow = (row: WorkflowRow): Workflow => ({
  id: row._id,
  key: row.key,
  name: row.name,
  enabled: row.enabled,
  token: row.token,
  revision: row.revision,
  draft: row.draft.toString(),
  version: row.version === 0 ? null : row.version,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
})

const readVersion = ({ workflowId, number, note, createdAt, graph }: VersionRow): Version => ({
  workflowId,
  number,
  graph: graph.toString(),
  note,
  createdAt,
})
