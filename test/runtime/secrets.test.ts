import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadSecretKey } from '../../server/runtime/secret-key.ts'
import { fingerprint, sealSecrets, SecretUnreadable } from '../../server/runtime/secrets.ts'

const openFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'hookloom-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

describe('a sealed secret', () => {
  test('opens to the same text, and shows nothing of it', () => {
    const seal = sealSecrets(randomBytes(32))
    for (const text of ['', 'a', 'grüße 🙂\n', 'CANARY'.repeat(10_000)]) {
      const sealed = seal.seal('NAME', text)
      expect(seal.open('NAME', sealed)).toBe(text)
      expect(Buffer.from(sealed).includes('CANARY')).toBe(false)
    }
  })

  test('is another one each time, so that equal secrets do not show', () => {
    const seal = sealSecrets(randomBytes(32))
    expect(seal.seal('NAME', 'text')).not.toEqual(seal.seal('NAME', 'text'))
  })

  test('does not open with another key, and the error says so', () => {
    const sealed = sealSecrets(randomBytes(32)).seal('NAME', 'text')
    const open = () => sealSecrets(randomBytes(32)).open('NAME', sealed)
    expect(open).toThrow(SecretUnreadable)
    expect(open).toThrow('The secret "NAME" was encrypted with another key')
  })

  test('does not open under another name', () => {
    const seal = sealSecrets(randomBytes(32))
    expect(() => seal.open('OTHER', seal.seal('NAME', 'text'))).toThrow('damaged, or belongs to another name')
  })

  test('does not open when any one bit of it was changed, or when it was cut', () => {
    const seal = sealSecrets(randomBytes(32))
    const sealed = Buffer.from(seal.seal('NAME', 'text'))
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => seal.open('NAME', changed)).toThrow(SecretUnreadable)
    }
    for (let length = 0; length < sealed.length; length++) {
      expect(() => seal.open('NAME', sealed.subarray(0, length))).toThrow(SecretUnreadable)
    }
  })

  test('of a later format is named as such', () => {
    const seal = sealSecrets(randomBytes(32))
    const sealed = Buffer.from(seal.seal('NAME', 'text'))
    sealed[0] = 9
    expect(() => seal.open('NAME', sealed)).toThrow('has the format 9')
  })
})

test('a fingerprint is the same for the same key and tells nothing else', () => {
  const key = randomBytes(32)
  expect(fingerprint(key)).toBe(fingerprint(Buffer.from(key)))
  expect(fingerprint(key)).not.toBe(fingerprint(randomBytes(32)))
  expect(fingerprint(key)).toMatch(/^[0-9a-f]{32}$/)
})

describe('the key', () => {
  test('is made once, for its owner only, and is the same afterwards', async () => {
    const dataDir = join(await openFolder(), 'not', 'yet')
    const key = await loadSecretKey({ dataDir, fromEnvironment: undefined })
    expect(key).toHaveLength(32)
    expect(await loadSecretKey({ dataDir, fromEnvironment: undefined })).toEqual(key)
    expect(await readdir(dataDir)).toEqual(['secret-key'])
    expect((await stat(join(dataDir, 'secret-key'))).mode & 0o777).toBe(0o600)
  })

  test('is one key for everybody who makes it at the same time', async () => {
    const dataDir = await openFolder()
    const loading = Array.from({ length: 20 }, () => loadSecretKey({ dataDir, fromEnvironment: undefined }))
    const keys = await Promise.all(loading)
    expect(new Set(keys.map((key) => key.toString('hex'))).size).toBe(1)
    expect(await readdir(dataDir)).toEqual(['secret-key'])
  })

  test('of the environment goes before the file, and makes none', async () => {
    const dataDir = await openFolder()
    const key = randomBytes(32)
    for (const text of [
      key.toString('base64'),
      key.toString('base64').replace('=', ''),
      ` ${key.toString('base64')}\n`,
    ]) {
      expect(await loadSecretKey({ dataDir, fromEnvironment: text })).toEqual(key)
    }
    expect(await readdir(dataDir)).toEqual([])
  })

  test.each([
    ['too short', randomBytes(31).toString('base64'), 'holds 31 bytes'],
    ['too long', randomBytes(33).toString('base64'), 'holds 33 bytes'],
    ['empty', '', 'holds 0 bytes'],
    ['not base64', `${randomBytes(32).toString('base64').slice(0, -2)}!=`, 'is not base64'],
    ['hexadecimal', randomBytes(32).toString('hex'), 'holds 48 bytes'],
  ])('that is %s is refused in one line that does not show it', async (_what, text, message) => {
    const dataDir = await openFolder()
    const error = await loadSecretKey({ dataDir, fromEnvironment: text }).catch((thrown: unknown) => thrown)
    const line = error instanceof Error ? error.message : ''
    expect(line).toContain(`HOOKLOOM_SECRET_KEY ${message}`)
    expect(line).not.toContain('\n')
    if (text !== '') expect(line).not.toContain(text)
  })

  test('in a damaged file is not replaced by a new one', async () => {
    const dataDir = await openFolder()
    const path = join(dataDir, 'secret-key')
    await writeFile(path, 'half a k')
    await expect(loadSecretKey({ dataDir, fromEnvironment: undefined })).rejects.toThrow(
      `The key file ${path}`,
    )
    expect(await readFile(path, 'utf8')).toBe('half a k')
  })

  test('that cannot be kept stops the start with one line', async () => {
    const dataDir = join(await openFolder(), 'file')
    await writeFile(dataDir, '')
    const loading = loadSecretKey({ dataDir, fromEnvironment: undefined })
    await expect(loading).rejects.toThrow(/^The key file .* cannot be read or made: .*ENOTDIR/)
  })
})
