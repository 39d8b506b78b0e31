import type Database from 'better-sqlite3'
import type { WorkerId } from '../../nodes/contract/ids.ts'
import type { Committer } from './sqlite-commit.ts'
import type { SecretStore, SettingStore, WorkerStore } from './storage.ts'

/** Values by name: sealed secrets, settings, and the beats of workers. */
export function secretStore(db: Database.Database, committer: Committer): SecretStore {
  const put = db.prepare<
    [string, Uint8Array, number]
  >(`INSERT INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`)
  const get = db.prepare<[string], { readonly sealed: Buffer }>('SELECT sealed FROM secrets WHERE name = ?')
  const list = db.prepare<[], { readonly name: string; readonly updatedAt: number }>(
    'SELECT name, updated_at AS updatedAt FROM secrets ORDER BY name',
  )
  const remove = db.prepare<[string]>('DELETE FROM secrets WHERE name = ?')
  return {
    put: async (name, sealed, at) => {
      await committer.write(() => put.run(name, sealed, at))
    },
    get: (name) => committer.read(() => get.get(name)?.sealed),
    list: () => committer.read(() => list.all()),
    delete: (name) => committer.write(() => remove.run(name).changes > 0),
  }
}

export function settingStore(db: Database.Database, committer: Committer): SettingStore {
  const put = db.prepare<[string, string]>(`INSERT INTO settings (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
  const get = db.prepare<[string], { readonly value: string }>('SELECT value FROM settings WHERE name = ?')
  return {
    put: async (name, value) => {
      await committer.write(() => put.run(name, value))
    },
    get: (name) => committer.read(() => get.get(name)?.value),
  }
}

export function workerStore(db: Database.Database, committer: Committer): WorkerStore {
  const beat = db.prepare<[string]>(`INSERT INTO workers (id, beat) VALUES (?, 1)
    ON CONFLICT (id) DO UPDATE SET beat = beat + 1`)
  const list = db.prepare<[], { readonly id: WorkerId; readonly beat: number }>(
    'SELECT id, beat FROM workers ORDER BY id',
  )
  const remove = db.prepare<[string]>('DELETE FROM workers WHERE id = ?')
  return {
    beat: async (id) => {
      await committer.write(() => beat.run(id))
    },
    list: () => committer.read(() => list.all()),
    remove: async (id) => {
      await committer.write(() => remove.run(id))
    },
  }
}
