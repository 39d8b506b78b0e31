import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { openStorage } from '../../server/storage/open.ts'
import { listQuery } from '../../server/storage/sqlite-events.ts'
import { openDatabase } from '../../server/storage/sqlite-database.ts'
import { StorageDamaged } from '../../server/storage/sqlite-errors.ts'
import { migrations } from '../../server/storage/sqlite-schema.ts'
import { Unavailable } from '../../server/storage/storage.ts'
import {
  aRejection,
  aWorkflow,
  accepted,
  rejectionId,
  room,
  stored,
  workflowId,
} from '../contract/storage/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-open-'))
afterAll(() => rmSync(folder, { recursive: true }))

function newFile() {
  const dataDir = mkdtempSync(join(folder, 'data-'))
  return { dataDir, path: join(dataDir, 'hookloom.db') }
}

async function filled() {
  const file = newFile()
  const storage = await openStorage(file)
  const workflow = await stored(storage)
  for (let n = 0; n < 200; n++) void accepted(storage, workflow)
  await storage.close()
  return { ...file, whole: readFileSync(file.path) }
}

async function refused(dataDir: string, path: string, says: RegExp) {
  const before = readFileSync(path)
  const opening = openStorage({ dataDir })
  await expect(opening).rejects.toThrow(StorageDamaged)
  await expect(opening).rejects.toThrow(says)
  expect(Buffer.compare(readFileSync(path), before)).toBe(0)
}

test('a file that is no database is refused in one line, and not touched', async () => {
  const { dataDir, path } = newFile()
  writeFileSync(path, 'these are my holiday pictures, '.repeat(1_000))
  await refused(dataDir, path, /^[^\n]*is not a SQLite database[^\n]*$/)
})

test('a database that was cut off is refused in one line, and not touched', async () => {
  const { dataDir, path, whole } = await filled()
  writeFileSync(path, whole.subarray(0, whole.length / 2))
  await refused(dataDir, path, /^[^\n]*is damaged[^\n]*restore a backup[^\n]*$/)
})

test('a database of another program is refused in one line, and not touched', async () => {
  const { dataDir, path } = newFile()
  new Database(path).exec('CREATE TABLE songs (title TEXT)').close()
  await refused(dataDir, path, /^[^\n]*not one of Hookloom's[^\n]*$/)
})

test('a database of an older version is brought up to date with what it holds', async () => {
  const { dataDir, path } = newFile()
  const [first = ''] = migrations
  const ids = [rejectionId(), rejectionId()]
  const old = new Database(path)
  old.exec(`${first}; PRAGMA user_version = 1; PRAGMA application_id = 1215262571;
    INSERT INTO workflows VALUES ('wf_1', 'key', x'00', 'Name', 1, 'token', 1, NULL, 0, 0, '{}');
    INSERT INTO rejected VALUES ('wf_1', 7)`)
  for (const [seq, id] of ids.entries()) {
    old.exec(`INSERT INTO rejections VALUES (${seq}, '${id}', 'wf_1', 0, 401, 'signature-mismatch', '', 'POST', '',
      '192.0.2.1', 3, NULL, '[]'); INSERT INTO rejection_bodies VALUES (${seq}, x'616263')`)
  }
  old.close()
  const storage = await openStorage({ dataDir })
  const kept = await storage.rejections.list({}, { limit: 10 })
  expect(kept.items).toMatchObject(
    ids.toReversed().map((id) => ({ id, kind: 'production', fingerprints: {}, times: 1 })),
  )
  // What was kept before is counted: room for two means that one of the old ones goes.
  const workflow = { ...aWorkflow(), id: kept.items[0]?.workflowId ?? workflowId() }
  const next = aRejection(workflow)
  await storage.rejections.add(next, Buffer.from(''), room(2))
  const left = await storage.rejections.list({}, { limit: 10 })
  expect(left.items.map(({ id }) => id)).toEqual([next.id, ids[1]])
  expect(await storage.balance()).toMatchObject({ rejected: 8 })
  await storage.close()
})

test('a database of a newer version is refused in one line, and not touched', async () => {
  const { dataDir, path } = await filled()
  const db = new Database(path)
  db.pragma(`user_version = ${migrations.length + 1}`)
  db.close()
  await refused(dataDir, path, /^[^\n]*written by a newer Hookloom[^\n]*$/)
})

test('damage that shows only later makes the store Unavailable, and says what to do', async () => {
  const { dataDir, path, whole } = await filled()
  // Every page after the first but the schema's keeps its place and loses its sense.
  const torn = Buffer.concat([whole.subarray(0, 4096 * 8), Buffer.alloc(whole.length - 4096 * 8, 0x5a)])
  writeFileSync(path, torn)
  const found = await openStorage({ dataDir }).then(
    async (storage) => {
      const reading = storage.events.list({}, { limit: 500 }).then(() => storage.balance())
      const error: unknown = await reading.catch((reason: unknown) => reason)
      await storage.close()
      return error
    },
    (reason: unknown) => reason,
  )
  expect(found instanceof Unavailable || found instanceof StorageDamaged, String(found)).toBe(true)
  expect(String(found)).toMatch(/damaged.*restore a backup/)
})

test('no list and no sweep sorts or reads a table from end to end', () => {
  const db = openDatabase(newFile().path)
  const id = workflowId()
  const page = { limit: 10 }
  const queries = [
    listQuery({}, page),
    listQuery({ workflowId: id }, page),
    listQuery({ workflowId: id, kind: 'production', type: 'push' }, page),
    listQuery({ kind: 'test' }, page),
    listQuery({ kind: 'test', type: 'push' }, page),
    listQuery({ kind: 'production' }, page),
    { sql: 'SELECT id FROM events WHERE dedupe_hash = 1 AND workflow_id = ?', values: [id] },
    { sql: 'SELECT entry FROM journal WHERE run_id = ? ORDER BY seq', values: ['run'] },
    {
      sql: 'SELECT id FROM runs WHERE standing = 0 AND state = 3 AND id > ? ORDER BY id LIMIT 9',
      values: ['a'],
    },
    {
      sql: 'SELECT id FROM runs WHERE workflow_id = ? AND standing = 0 AND state = 7 ORDER BY id DESC',
      values: [id],
    },
    { sql: 'SELECT state, count(*) FROM runs WHERE standing = 0 GROUP BY state', values: [] },
  ]
  for (const { sql, values } of queries) {
    const plan = db
      .prepare<(string | number)[], { readonly detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map(({ detail }) => detail)
      .join('\n')
    expect(plan, sql).not.toMatch(/TEMP B-TREE|SCAN (runs|events|journal)( |$)(?!USING)/)
  }
  db.close()
})
