/** Workflow files, as `hookloom export` and the editor write them, read in the browser. */
import type { Graph } from '../../nodes/contract/graph.ts'
import { placed } from '../../nodes/contract/placing.ts'
import { shapeProblems } from '../../nodes/contract/problems.ts'
import { type WorkflowFile, keyPattern, workflowFile } from '../../nodes/contract/workflow.ts'
import { nodeTypes } from '../../nodes/index.ts'

const fileBytesMax = 5_000_000

export type ReadFile =
  | {
      readonly kind: 'workflow'
      readonly name: string
      readonly workflow: WorkflowFile & { readonly graph: Graph }
    }
  | { readonly kind: 'unfit'; readonly name: string; readonly problems: readonly string[] }

/** What a file holds, or why it cannot be imported. Its key is the file's name where it names none and can lend it. */
export async function readWorkflowFile(file: File): Promise<ReadFile> {
  const unfit = (...problems: readonly string[]): ReadFile => ({ kind: 'unfit', name: file.name, problems })
  if (file.size > fileBytesMax) return unfit('A workflow file is at most 5 MB.')
  const read = await parse(file)
  if ('problem' in read) return unfit(read.problem)
  const parsed = workflowFile.safeParse(read.value)
  if (!parsed.success) {
    const words = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'The file'}: ${message}`,
    )
    return unfit('This is not a workflow file.', ...words)
  }
  const problems = shapeProblems(parsed.data.graph, nodeTypes).map(({ message }) => message)
  if (problems.length > 0) return unfit(...problems)
  const key = parsed.data.key ?? file.name.replace(/\.[^.]*$/, '').toLowerCase()
  return {
    kind: 'workflow',
    name: file.name,
    workflow: {
      ...parsed.data,
      graph: placed(parsed.data.graph, nodeTypes),
      ...(keyPattern.test(key) && { key }),
    },
  }
}

type Parsed = { readonly value: unknown } | { readonly problem: string }

async function parse(file: File): Promise<Parsed> {
  try {
    const text = await file.text()
    if (/\.json$/i.test(file.name)) return { value: JSON.parse(text) }
    const { parse } = await import('yaml')
    // Aliases are expanded at most so often: a file of a few lines must not become gigabytes.
    return { value: parse(text, { maxAliasCount: 100 }) }
  } catch (error) {
    return { problem: `It cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}
