/** `npm run hookloom -- …`: workflows as files, so that they live in git, by the API; and moving from one store to another. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { apply } from './apply.ts'
import { type Client, openClient } from './client.ts'
import { Complaint } from './complaint.ts'
import { exportWorkflows } from './export.ts'
import { findFiles, readWorkflow, writeWorkflow } from './files.ts'

const usage = `Usage:
  npm run hookloom -- apply PATH…                 makes the server's workflows what the files say, and publishes them
  npm run hookloom -- export [KEY…] [--out DIR]   writes workflows as files: to DIR, or to standard output
                                    [--format json|yaml]
  npm run hookloom -- copy --from STORE --to STORE   moves everything to an empty store; stop the servers first

PATH is a workflow file (JSON or YAML) or a folder of them. A file without a "key" has its name as key.
STORE is sqlite:DATA-DIR or mongodb://host:27017/name; compares the counts of both at the end.
HOOKLOOM_URL (default http://localhost:3000) and HOOKLOOM_API_TOKEN say which server.
`

const commands = {
  async apply(client: Client, paths: readonly string[]) {
    if (paths.length === 0) throw new Complaint(`Say which files to apply.\n\n${usage}`)
    const files = await findFiles(paths)
    if (files.length === 0)
      throw new Complaint(`There is no .json, .yaml or .yml file in ${paths.join(', ')}.`)
    // All are read before the first is applied: a mistake in the last one leaves nothing half done.
    const workflows = await Promise.all(files.map(readWorkflow))
    const twice = workflows.find(({ key }, at) => workflows.findIndex((other) => other.key === key) < at)
    if (twice) throw new Complaint(`Two of the files have the key "${twice.key}": give one of them another.`)
    let failed = 0
    for (const workflow of workflows) {
      try {
        const { applied, workflow: stored } = await apply(client, workflow)
        process.stdout.write(`${applied.padEnd(9)} ${workflow.key}  ${stored.hook.url}\n`)
      } catch (error) {
        if (!(error instanceof Complaint)) throw error
        failed += 1
        process.stderr.write(`failed    ${workflow.key}  ${error.message}\n`)
      }
    }
    if (failed > 0) process.exitCode = 1
  },

  async export(
    client: Client,
    keys: readonly string[],
    { out, format }: { readonly out?: string | undefined; readonly format: string },
  ) {
    if (format !== 'json' && format !== 'yaml')
      throw new Complaint(`--format is json or yaml, not "${format}".`)
    const workflows = await exportWorkflows(client, keys)
    if (out === undefined) {
      const texts = workflows.map((workflow) => writeWorkflow(workflow, format))
      process.stdout.write(texts.join(format === 'yaml' ? '---\n' : ''))
      return
    }
    await mkdir(out, { recursive: true })
    for (const workflow of workflows) {
      const path = join(out, `${workflow.key}.${format}`)
      await writeFile(path, writeWorkflow(workflow, format))
      process.stdout.write(`${path}\n`)
    }
  },
}

async function copy(from: string | undefined, to: string | undefined): Promise<void> {
  if (from === undefined || to === undefined) throw new Complaint(`Say --from and --to.\n\n${usage}`)
  const { copyStore } = await import('../copy.ts')
  const copied = await copyStore(from, to, (line) => process.stdout.write(`${line}\n`))
  process.stdout.write(`${copied.workflows} workflows, ${copied.secrets} secrets\n`)
  for (const [name, count] of Object.entries(copied.from)) {
    const there = Object.entries(copied.to).find(([other]) => other === name)?.[1]
    process.stdout.write(`${name.padEnd(12)} ${String(count).padStart(10)} ${String(there).padStart(10)}\n`)
  }
  process.stdout.write(
    copied.same ? 'Both stores count the same.\n' : 'The counts differ: do not use the copy.\n',
  )
  if (!copied.same) process.exitCode = 1
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      format: { type: 'string', default: 'yaml' },
      from: { type: 'string' },
      to: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const [name = '', ...rest] = positionals
  if (values.help || name === '') return void process.stdout.write(usage)
  if (name === 'copy') return copy(values.from, values.to)
  if (name !== 'apply' && name !== 'export') throw new Complaint(`There is no command "${name}".\n\n${usage}`)
  await commands[name](await openClient(process.env), rest, values)
}

main().catch((error: unknown) => {
  const known = error instanceof Complaint || (error instanceof Error && 'code' in error)
  process.stderr.write(`${known && error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
