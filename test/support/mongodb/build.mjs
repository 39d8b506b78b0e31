/**
 * Builds the test server beside this file, once per content, into the user's cache (minutes the first time). Prints nothing;
 * returns its path, or `undefined` where Go is not to be had. Plain JavaScript, since `test/run.mjs` asks for it.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const folder = new URL('.', import.meta.url).pathname

export function testMongoServer({ mayBuild }) {
  const hash = createHash('sha256')
  for (const name of ['main.go', 'go.mod', 'go.sum']) hash.update(readFileSync(join(folder, name)))
  const cache = join(homedir(), '.cache', 'hookloom-test')
  const path = join(cache, `mongodb-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(path)) return path
  if (!mayBuild || spawnSync('go', ['version']).status !== 0) return undefined
  mkdirSync(cache, { recursive: true })
  const built = spawnSync('go', ['build', '-trimpath', '-o', `${path}.${process.pid}`, '.'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CGO_ENABLED: '0' },
  })
  if (built.status !== 0) return undefined
  renameSync(`${path}.${process.pid}`, path)
  return path
}
