/**
 * `npm test` on any machine with Node and npm: installs what is missing (packages; where it may, the tools that some tests
 * drive), builds the editor, checks format, lint and types, then runs every test. What is not to be had skips its tests and
 * says so; with `CI` set that is a failure. Plain JavaScript on purpose: it must run on the machine's own, older Node.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildEditor, install } from '../server/start.mjs'
import { testMongoServer } from './support/mongodb/build.mjs'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')

/** Debian packages that tests drive: command → package. */
const tools = { strace: 'strace', chromium: 'chromium', 'redis-server': 'redis-server', faketime: 'faketime' }

const mongoBuilt = buildMongo()
install()
const librariesInstalled = installLibraries()
buildEditor()
provide()

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
  if (command === 'vitest') await Promise.all([mongoBuilt, librariesInstalled])
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
  })
  if (status !== 0) process.exit(status ?? 1)
}

/** The Debian packages that are not there yet. */
function provide() {
  const missing = () =>
    Object.keys(tools).filter((command) => spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0)
  if (missing().length === 0) return
  const packages = missing().map((command) => tools[command])
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.log(`Installing ${packages.join(', ')} …`)
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
    spawnSync('apt-get', ['install', '-y', '-qq', ...packages], { stdio: 'ignore' })
  }
  for (const command of missing()) doWithout(tools[command])
}

/** Its tests are skipped, and say so; where everything has to be tried, that is a failure. */
function doWithout(what) {
  console.log(`Not to be had here: ${what}. The tests that need it are skipped, and say so.`)
  if (process.env.CI) process.exit(1)
}

/** Senders' own libraries, of which the product needs none, while checks are made. */
async function installLibraries() {
  const place = join(root, 'test', 'libraries')
  if (existsSync(join(place, 'node_modules'))) return
  console.log('Installing senders’ own libraries for the tests …')
  const installing = spawn('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], {
    cwd: place,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  await new Promise((resolve) => installing.on('exit', resolve))
  if (!existsSync(join(place, 'node_modules'))) doWithout('senders’ own libraries')
}

/** MongoDB, or what speaks its protocol: given, on the PATH, or built of Go, while packages are installed and checks made. */
async function buildMongo() {
  if (process.env.HOOKLOOM_TEST_MONGODB_URL || spawnSync('mongod', ['--version']).status === 0) return
  if (testMongoServer({ mayBuild: false }) !== undefined) return
  console.log('Building the server that speaks MongoDB’s protocol for the tests (minutes, once) …')
  const build = join(root, 'test/support/mongodb/build.mjs')
  const building = spawn(process.execPath, [build], { stdio: ['ignore', 'inherit', 'inherit'] })
  await new Promise((resolve) => building.on('exit', resolve))
  if (testMongoServer({ mayBuild: false }) === undefined) doWithout('a MongoDB')
}
