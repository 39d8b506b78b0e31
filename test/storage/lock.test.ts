import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { chmod, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DataDirUnavailable, lockDataDir } from '../../server/storage/lock.ts'
import { startChild } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'hookloom-lock-'))
const newDir = () => mkdtempSync(join(folder, 'data-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a data dir belongs to one process: the second is told who may hold it and what to do, in one line', async () => {
  const dataDir = newDir()
  const holder = startChild('./lock-holder.ts', [dataDir])
  await holder.printed(1)
  const second = lockDataDir(dataDir, 200)
  await expect(second).rejects.toThrow(DataDirUnavailable)
  const who = process.platform === 'linux' ? `process ${holder.process.pid} ` : 'another process'
  await expect(second).rejects.toThrow(`${dataDir} is in use by ${who}`)
  await expect(second).rejects.toThrow(/^[^\n]*HOOKLOOM_DATA_DIR[^\n]*$/)
  holder.process.kill('SIGKILL')
  await holder.ended
})

test('the lock dies with a killed process: who waits gets it within five seconds, without holding the event loop', async () => {
  const dataDir = newDir()
  const holder = startChild('./lock-holder.ts', [dataDir])
  await holder.printed(1)
  let turns = 0
  const counting = setInterval(() => (turns += 1), 10)
  const waiting = lockDataDir(dataDir)
  setTimeout(() => holder.process.kill('SIGKILL'), 300)
  const lock = await waiting
  clearInterval(counting)
  expect(turns).toBeGreaterThan(10)
  lock.release()
})

test('two owners within one process exclude each other too, and a lock that is given up can be had', async () => {
  const dataDir = newDir()
  const first = await lockDataDir(dataDir, 0)
  await expect(lockDataDir(dataDir, 0)).rejects.toThrow(/is in use/)
  first.release()
  const second = await lockDataDir(dataDir, 0)
  second.release()
})

test('a data dir that is not there is made, for its owner only', async () => {
  const dataDir = join(newDir(), 'a', 'b')
  const lock = await lockDataDir(dataDir)
  expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  lock.release()
})

test('a file where the folder should be is an error that says so in one line', async () => {
  const dataDir = join(newDir(), 'file')
  writeFileSync(dataDir, '')
  await expect(lockDataDir(dataDir, 0)).rejects.toThrow(/^the data dir [^\n]* there is a file where [^\n]*$/)
})

test('a folder that may not be written to is an error that says so in one line', async () => {
  const dataDir = newDir()
  await chmod(folder, 0o755)
  await mkdir(join(dataDir, 'inner'))
  await chmod(dataDir, 0o555)
  // Root may write everywhere, so the child is somebody else; who is not root is somebody else already.
  const nobody = process.getuid?.() === 0 ? 65_534 : undefined
  const child = startChild('./lock-holder.ts', [dataDir, '0'], nobody)
  await child.ended
  await chmod(dataDir, 0o755)
  expect(child.lines).toEqual([
    expect.stringMatching(
      /^DataDirUnavailable: the data dir .* it must be a folder that this user may write to/,
    ),
  ])
})
