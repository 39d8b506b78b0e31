/**
 * Prints the program of a sandbox child: its modules, their types taken out. A process of its own, and plain JavaScript,
 * because Node's type stripper takes 18 MB for as long as the process lives that has used it once.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const home = fileURLToPath(new URL('../sandbox/', import.meta.url))
const sources = readdirSync(home, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(home, name))
  .map((path) => [pathToFileURL(path).href, stripTypeScriptTypes(readFileSync(path, 'utf8'))])

process.stdout.write(`import { registerHooks } from 'node:module'
const sources = new Map(${JSON.stringify(sources)})
registerHooks({
  load: (url, context, next) =>
    sources.has(url) ? { format: 'module', source: sources.get(url), shortCircuit: true } : next(url, context),
})
await import(${JSON.stringify(pathToFileURL(join(home, 'child.ts')).href)})
`)
