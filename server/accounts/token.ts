import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** Compares in a time that tells nothing about where the two differ. */
export const sameText = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b))

export interface ApiToken {
  readonly token: string
  /** Where it was kept, when the environment gave none. */
  readonly file: string | undefined
}

/** The admin token: from the environment, else made once and kept in the data folder, readable by its owner only. */
export async function loadApiToken(given: string | undefined, dataDir: string): Promise<ApiToken> {
  if (given !== undefined) return { token: given, file: undefined }
  const file = resolve(join(dataDir, 'api-token'))
  const made = `hl_${randomBytes(32).toString('base64url')}`
  try {
    const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600)
    try {
      await handle.writeFile(`${made}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    return { token: made, file }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    const kept = (await readFile(file, 'utf8')).trim()
    if (kept.length >= 16) return { token: kept, file }
    const detail = `The token in ${file} is too short. Delete the file; a start makes a new one.`
    throw new Error(detail, { cause: error })
  }
}
