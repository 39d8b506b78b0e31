/**
 * `npm start` on any machine with Node and npm: installs what is missing, builds the editor, then serves with the Node that the project
 * brings (24, from npm). Plain JavaScript on purpose: it must run on the machine's own, older Node.
 * `--install-only` stops after the installation.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Installs the packages of the lock file unless exactly these are there. */
export function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stamp = join(root, 'node_modules', '.hookloom-installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Installing packages (once, well under a minute) …')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, ['ci', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('The packages could not be installed: see the lines above. Mend that and start again.')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

/** Builds the editor unless it is built from exactly these files. */
export function buildEditor() {
  const sources = ['package-lock.json', ...filesIn('editor'), ...filesIn('nodes')]
  const hash = createHash('sha256')
  for (const file of sources) hash.update(file).update(readFileSync(join(root, file)))
  const wanted = hash.digest('hex')
  const stamp = join(root, 'editor', 'dist', '.built-from')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  console.log('Building the editor …')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const { status } = spawnSync(node(), [vite, 'build', 'editor', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('The editor could not be built: see the lines above. Mend that and start again.')
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}

function filesIn(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== 'dist')
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
    )
}

/** The Node that the project brings. */
const node = () => join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')

/** Runs a program with the project's Node: in this process where it is that one already, else in a child of it. */
export async function run(program, args) {
  if (Number(process.versions.node.split('.')[0]) >= 24) {
    process.argv = [process.argv[0], join(root, program), ...args]
    await import(pathToFileURL(join(root, program)).href)
    return
  }
  // The channel tells the child when this process dies, however it dies.
  const child = spawn(node(), [join(root, program), ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    shell: process.platform === 'win32',
  })
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 0)))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  install()
  if (!process.argv.includes('--install-only')) {
    buildEditor()
    await run('server/main.ts', process.argv.slice(2))
  }
}
