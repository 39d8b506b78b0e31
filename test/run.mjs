/**
 * `npm test` on any machine with Node and npm: installs what is missing (packages; where it may, the tools that some tests
 * drive), builds the editor, checks format, lint and types, then runs every test. A tool that is not to be had skips its tests and says so; with
 * `CI` set that is a failure. Plain JavaScript on purpose: it must run on the machine's own, older Node.
 */
import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildEditor, install } from '../server/start.mjs'
import { testMongoServer } from './support/mongodb/build.mjs'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')

/** Debian packages that tests drive: command → package. */
const tools = { strace: 'strace', chromium: 'chromium', 'redis-server': 'redis-server', faketime: 'faketime' }

const mongoBuilt = buildMongo()
install()
buildEditor()
const missing = Object.entries(tools).filter(
  ([command]) => spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0,
)
if (missing.length > 0) provide(missing.map(([, name]) => name))

const bin = join(root, 'node_modules', '.bin')
const path = `${bin}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`
const chosen = process.argv.slice(2)
const steps =
  chosen.length > 0
    ? [['vitest', 'run', ...chosen]]
    : [
        ['npm', 'run', '-s', 'check'],
        ['vitest', 'run'],
      ]
for (const [command, ...args] of steps) {
  if (command === 'vitest') await mongoBuilt
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

function provide(packages) {
  if (
    process.platform !== 'linux' ||
    process.getuid?.() !== 0 ||
    spawnSync('apt-get', ['--version']).status !== 0
  ) {
    console.log(
      `Not to be had here: ${packages.join(', ')}. The tests that drive them are skipped, and say so.`,
    )
    return
  }
  console.log(`Installing ${packages.join(', ')} …`)
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
  spawnSync('apt-get', ['install', '-y', '-qq', ...packages], { stdio: 'ignore' })
}

/** MongoDB, or what speaks its protocol: given, on the PATH, or built of Go, while packages are installed and checks made. */
async function buildMongo() {
  if (process.env.HOOKLOOM_TEST_MONGODB_URL || spawnSync('mongod', ['--version']).status === 0) return
  if (testMongoServer({ mayBuild: false }) !== undefined) return
  console.log('Building the server that speaks MongoDB’s protocol for the tests (minutes, once) …')
  const build = join(root, 'test/support/mongodb/build.mjs')
  const building = spawn(process.execPath, [build], { stdio: ['ignore', 'inherit', 'inherit'] })
  await new Promise((resolve) => building.on('exit', resolve))
  if (testMongoServer({ mayBuild: false }) === undefined)
    console.log('Not to be had here: a MongoDB. The tests that need one are skipped, and say so.')
}
