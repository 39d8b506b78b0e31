import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'

const keyBytes = 32
const fileName = 'secret-key'

/** The key cannot be had: one line that says which of the two places is at fault, and what to do. */
export class SecretKeyError extends Error {
  override readonly name = 'SecretKeyError'
}

/**
 * The 32 bytes that secrets are encrypted with: of `HOOKLOOM_SECRET_KEY` where it is set, else of the file `secret-key`
 * in the data dir, which is made once, readable by its owner only, and on disk before this resolves. Two processes that
 * make it at the same time get the same key.
 * @throws {SecretKeyError} with one line that does not show the key.
 */
export async function loadSecretKey({
  dataDir,
  fromEnvironment,
}: {
  readonly dataDir: string
  readonly fromEnvironment: string | undefined
}): Promise<Buffer> {
  if (fromEnvironment !== undefined) return parseKey(fromEnvironment, 'HOOKLOOM_SECRET_KEY')
  const path = join(dataDir, fileName)
  try {
    const text = (await readText(path)) ?? (await makeKey(dataDir, path))
    return parseKey(text, `The key file ${path}`)
  } catch (error) {
    if (error instanceof SecretKeyError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new SecretKeyError(`The key file ${path} cannot be read or made: ${why}`)
  }
}

function parseKey(text: string, place: string): Buffer {
  const base64 = text.trim()
  const key = Buffer.from(base64, 'base64')
  const written = key.toString('base64')
  // Node's decoder skips what is not base64; a key with a typing error must not become another key.
  if (base64 !== written && base64 !== written.replace(/=+$/, '')) {
    throw new SecretKeyError(
      `${place} is not base64; it takes ${keyBytes} bytes, made with: openssl rand -base64 32`,
    )
  }
  if (key.length !== keyBytes) {
    throw new SecretKeyError(
      `${place} holds ${key.length} bytes; it takes ${keyBytes}, made with: openssl rand -base64 32`,
    )
  }
  return key
}

/** Whole or not at all: written beside, synced, and then linked to its name, which fails where the name is taken. */
async function makeKey(dataDir: string, path: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const text = `${randomBytes(keyBytes).toString('base64')}\n`
  const draft = `${path}.${randomUUID()}`
  try {
    await using file = await open(draft, 'wx', 0o600)
    await file.writeFile(text)
    await file.sync()
    await link(draft, path)
    await using folder = await open(dataDir, 'r')
    await folder.sync()
    return text
  } catch (error) {
    const madeMeanwhile = hasCode(error, 'EEXIST') ? await readText(path) : undefined
    if (madeMeanwhile === undefined) throw error
    return madeMeanwhile
  } finally {
    await unlink(draft).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error
    })
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
