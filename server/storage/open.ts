import { join } from 'node:path'
import { type SqliteOptions, openSqliteStorage } from './sqlite.ts'
import type { Storage } from './storage.ts'

/**
 * Opens the store that the settings ask for. Embedded: the file `hookloom.db` in a data dir whose lock the caller holds.
 * Throws an error whose message is one line for the person who starts the server.
 */
export function openStorage({
  dataDir,
  ...options
}: SqliteOptions & { readonly dataDir: string }): Promise<Storage> {
  return openSqliteStorage(join(dataDir, 'hookloom.db'), options)
}
