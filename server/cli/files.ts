import { readFile, readdir, stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { type WorkflowFile, keyPattern, workflowFile } from '../../nodes/contract/workflow.ts'
import { Complaint } from './complaint.ts'

export type Format = 'json' | 'yaml'

export type KeyedWorkflow = WorkflowFile & { readonly key: string }

const endings: readonly string[] = ['.json', '.yaml', '.yml']

/** The workflow files that the paths name: files themselves, and those in folders, at any depth, in order of their names. */
export async function findFiles(paths: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const entry = await stat(path).catch((error: unknown) => {
        throw new Complaint(`${path} is not there.`, { cause: error })
      })
      if (!entry.isDirectory()) return [path]
      const names = await readdir(path, { recursive: true })
      return names
        .filter((name) => endings.includes(extname(name)) && !name.includes('node_modules'))
        .toSorted()
        .map((name) => join(path, name))
    }),
  )
  return found.flat()
}

/** Reads one file. Its key is the file's name where it names none. */
export async function readWorkflow(path: string): Promise<KeyedWorkflow> {
  const parsed = workflowFile.safeParse(parseText(path, await readFile(path, 'utf8')))
  if (!parsed.success) {
    const lines = parsed.error.issues.map(
      ({ path: place, message }) => `  ${place.join('.') || 'the file'}: ${message}`,
    )
    throw new Complaint(`${path} is not a workflow file:\n${lines.join('\n')}`)
  }
  const key = parsed.data.key ?? basename(path, extname(path))
  if (keyPattern.test(key)) return { ...parsed.data, key }
  throw new Complaint(
    `${path} cannot lend its name as a key: write "key" into it, of small letters, digits and dashes.`,
  )
}

/** YAML 1.2 holds JSON, so one reader serves both, except that JSON is held to its own rules. */
function parseText(path: string, text: string): unknown {
  try {
    // Aliases are expanded at most so often: a file of a few lines must not become gigabytes.
    return extname(path) === '.json' ? JSON.parse(text) : parse(text, { maxAliasCount: 100 })
  } catch (error) {
    throw new Complaint(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

export const writeWorkflow = (workflow: KeyedWorkflow, format: Format): string =>
  format === 'json' ? `${JSON.stringify(workflow, undefined, 2)}\n` : stringify(workflow, { lineWidth: 110 })
