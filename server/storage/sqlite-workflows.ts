import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { cursorOf, pageOf } from './page.ts'
import { Conflict, NotFound } from './storage.ts'
import type { Page, Version, Workflow } from './storage.ts'

interface WorkflowRow {
  readonly id: WorkflowId
  readonly key: string
  readonly name: string
  readonly enabled: number
  readonly token: string
  readonly revision: number
  readonly version: number | null
  readonly created_at: number
  readonly updated_at: number
  readonly draft: string
}

interface VersionRow {
  readonly workflow_id: WorkflowId
  readonly number: number
  readonly note: string
  readonly created_at: number
  readonly graph: string
}

/** Workflows and their versions. */
export function workflowCalls(db: Database.Database) {
  const byId = db.prepare<[string], WorkflowRow>('SELECT * FROM workflows WHERE id = ?')
  const byKey = db.prepare<[string], WorkflowRow>('SELECT * FROM workflows WHERE key = ?')
  const byToken = db.prepare<[Buffer], WorkflowRow>('SELECT * FROM workflows WHERE token_hash = ?')
  const page = db.prepare<[string, number], WorkflowRow>(
    'SELECT * FROM workflows WHERE id < ? ORDER BY id DESC LIMIT ?',
  )
  const insert = db.prepare(`INSERT INTO workflows
    (id, key, token_hash, name, enabled, token, revision, version, created_at, updated_at, draft)
    VALUES (:id, :key, :tokenHash, :name, :enabled, :token, :revision, :version, :createdAt, :updatedAt, :draft)`)
  const change = db.prepare(`UPDATE workflows SET key = :key, token_hash = :tokenHash, name = :name,
    enabled = :enabled, token = :token, revision = :revision, updated_at = :updatedAt, draft = :draft WHERE id = :id`)
  const remove = db.prepare<[string]>('DELETE FROM workflows WHERE id = ?')
  const depart = db.prepare<[string]>('INSERT INTO departed (workflow_id) VALUES (?)')

  const newest = db.prepare<[string], { readonly number: number | null }>(
    'SELECT max(number) AS number FROM versions WHERE workflow_id = ?',
  )
  const insertVersion = db.prepare(`INSERT INTO versions (workflow_id, number, note, created_at, graph)
    VALUES (:workflowId, :number, :note, :createdAt, :graph)`)
  const runVersion = db.prepare<[number, string]>('UPDATE workflows SET version = ? WHERE id = ?')
  const version = db.prepare<[string, number], VersionRow>(
    'SELECT * FROM versions WHERE workflow_id = ? AND number = ?',
  )
  const versionPage = db.prepare<[string, number, number], VersionRow>(
    'SELECT * FROM versions WHERE workflow_id = ? AND number < ? ORDER BY number DESC LIMIT ?',
  )

  const found = (row: WorkflowRow | undefined) => (row === undefined ? undefined : readWorkflow(row))
  const stored = (id: WorkflowId): Workflow => {
    const row = byId.get(id)
    if (row === undefined) throw new NotFound(`there is no workflow ${id}`)
    return readWorkflow(row)
  }
  const checkKey = (id: WorkflowId, key: string) => {
    const holder = byKey.get(key)
    if (holder !== undefined && holder.id !== id) {
      throw new Conflict(`the key ${key} belongs to ${holder.id} already; choose another`)
    }
  }

  return {
    reads: {
      workflow: (id: WorkflowId) => found(byId.get(id)),
      workflowByKey: (key: string) => found(byKey.get(key)),
      workflowByToken: (token: string) => found(byToken.get(hashOf(token))),
      workflows: (asked: Page) =>
        pageOf(page.all(cursorOf(asked), asked.limit + 1), asked, readWorkflow, ({ id }) => id),
      version: (id: WorkflowId, number: number) => {
        const row = version.get(id, number)
        return row === undefined ? undefined : readVersion(row)
      },
      versions: (id: WorkflowId, asked: Page) => {
        const below = asked.after === undefined ? Number.MAX_SAFE_INTEGER : Number(asked.after)
        return pageOf(versionPage.all(id, below, asked.limit + 1), asked, readVersion, ({ number }) =>
          String(number),
        )
      },
    },
    writes: {
      createWorkflow(workflow: Workflow) {
        checkKey(workflow.id, workflow.key)
        insert.run(rowOf(workflow))
      },
      updateWorkflow(id: WorkflowId, revision: number, wanted: Partial<Workflow>) {
        const current = stored(id)
        if (current.revision !== revision) {
          throw new Conflict(
            `${id} is at revision ${current.revision}, the change was made to ${revision}; read it again`,
          )
        }
        const changed: Workflow = { ...current, ...wanted, revision: revision + 1 }
        checkKey(id, changed.key)
        change.run(rowOf(changed))
        return changed
      },
      deleteWorkflow(id: WorkflowId) {
        stored(id)
        remove.run(id)
        depart.run(id)
      },
      publish(id: WorkflowId, { graph, note, createdAt }: Pick<Version, 'graph' | 'note' | 'createdAt'>) {
        stored(id)
        const number = (newest.get(id)?.number ?? 0) + 1
        const published: Version = { workflowId: id, number, graph, note, createdAt }
        insertVersion.run(published)
        runVersion.run(number, id)
        return published
      },
    },
  }
}

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()

const rowOf = ({ enabled, ...rest }: Workflow) => ({
  ...rest,
  enabled: enabled ? 1 : 0,
  tokenHash: hashOf(rest.token),
})

const readWorkflow = (row: WorkflowRow): Workflow => ({
  id: row.id,
  key: row.key,
  name: row.name,
  enabled: row.enabled === 1,
  token: row.token,
  revision: row.revision,
  draft: row.draft,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

const readVersion = (row: VersionRow): Version => ({
  workflowId: row.workflow_id,
  number: row.number,
  graph: row.graph,
  note: row.note,
  createdAt: row.created_at,
})
