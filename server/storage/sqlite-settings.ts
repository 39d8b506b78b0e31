import type Database from 'better-sqlite3'
import type { WorkerId } from '../../nodes/contract/ids.ts'

/** Values by name: sealed secrets, settings, and the beats of workers. */
export function settingCalls(db: Database.Database) {
  const putSecret = db.prepare<
    [string, Uint8Array, number]
  >(`INSERT INTO secrets (name, sealed, updated_at) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed, updated_at = excluded.updated_at`)
  const secret = db.prepare<[string], Buffer>('SELECT sealed FROM secrets WHERE name = ?').pluck()
  const secrets = db.prepare<[], { readonly name: string; readonly updatedAt: number }>(
    'SELECT name, updated_at AS updatedAt FROM secrets ORDER BY name',
  )
  const deleteSecret = db.prepare<[string]>('DELETE FROM secrets WHERE name = ?')

  const putSetting = db.prepare<[string, string]>(`INSERT INTO settings (name, value) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
  const setting = db.prepare<[string], string>('SELECT value FROM settings WHERE name = ?').pluck()

  const beat = db.prepare<[string]>(`INSERT INTO workers (id, beat) VALUES (?, 1)
    ON CONFLICT (id) DO UPDATE SET beat = beat + 1`)
  const workers = db.prepare<[], { readonly id: WorkerId; readonly beat: number }>(
    'SELECT id, beat FROM workers ORDER BY id',
  )
  const removeWorker = db.prepare<[string]>('DELETE FROM workers WHERE id = ?')

  return {
    reads: {
      secret: (name: string): Uint8Array | undefined => secret.get(name),
      secrets: () => secrets.all(),
      setting: (name: string) => setting.get(name),
      workers: () => workers.all(),
    },
    writes: {
      putSecret: (name: string, sealed: Uint8Array, at: number) => void putSecret.run(name, sealed, at),
      deleteSecret: (name: string) => deleteSecret.run(name).changes > 0,
      putSetting: (name: string, value: string) => void putSetting.run(name, value),
      beat: (id: WorkerId) => void beat.run(id),
      removeWorker: (id: WorkerId) => void removeWorker.run(id),
    },
  }
}
