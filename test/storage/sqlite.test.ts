import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openSqliteStorage } from '../../server/storage/sqlite.ts'
import { storageContract } from '../contract/storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-storage-'))
afterAll(() => rmSync(folder, { recursive: true }))

storageContract({ name: 'SQLite', open: (place) => openSqliteStorage(join(folder, `${place}.db`)) })
