import { type Graph, type Problem, type WrittenGraph, writtenGraph } from '../../nodes/contract/graph.ts'
import { issuesOf } from '../../nodes/contract/issue.ts'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import { placed } from '../../nodes/contract/placing.ts'
import { programsOf, settingProblems, shapeProblems } from '../../nodes/contract/problems.ts'
import type { Sandbox } from '../runtime/runtime.ts'

/** A graph that cannot be saved, or cannot be published. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
  readonly problems: readonly Problem[]
  constructor(message: string, problems: readonly Problem[]) {
    super(message)
    this.problems = problems
  }
}

export interface GraphCheckOptions {
  readonly types: NodeTypes
  readonly sandbox: Pick<Sandbox, 'check'>
}

/** Programs are checked again and again while somebody types: the last so many answers are kept. */
const checksKept = 500

/** Says what is wrong with a graph: its shape, its settings, and whether its programs parse. */
export class GraphCheck {
  readonly #options: GraphCheckOptions
  readonly #checked = new Map<string, Promise<string | undefined>>()

  constructor(options: GraphCheckOptions) {
    this.#options = options
  }

  /** All that keeps a graph from being published. */
  async problemsOf(graph: unknown): Promise<readonly Problem[]> {
    const { types } = this.#options
    const parsed = parseGraph(graph)
    if (!parsed.ok) return parsed.problems
    const shape = shapeProblems(parsed.graph, types)
    if (shape.length > 0) return shape
    return [...settingProblems(parsed.graph, types), ...(await this.#programProblems(parsed.graph))]
  }

  /** The graph, if it can be saved, with a place for each node; else throws `Unfit`. */
  shaped(graph: unknown): Graph {
    const parsed = parseGraph(graph)
    const problems = parsed.ok ? shapeProblems(parsed.graph, this.#options.types) : parsed.problems
    if (!parsed.ok || problems.length > 0) {
      throw new Unfit(
        `This graph cannot be saved: ${closed(problems[0]?.message ?? 'it has no shape')}`,
        problems,
      )
    }
    return placed(parsed.graph, this.#options.types)
  }

  /** Throws `Unfit` with all problems of a graph that cannot be published. */
  async publishable(graph: Graph): Promise<void> {
    const problems = await this.problemsOf(graph)
    if (problems.length === 0) return
    const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`
    throw new Unfit(
      `${count} to be mended before this can be published: ${closed(problems[0]?.message ?? '')}`,
      problems,
    )
  }

  async #programProblems(graph: WrittenGraph): Promise<readonly Problem[]> {
    const programs = programsOf(graph, this.#options.types)
    const found = await Promise.all(
      programs.map(async ({ nodeId, path, kind, source }) => {
        const message = await this.#check(kind, source)
        return message === undefined ? [] : [{ nodeId, path, message }]
      }),
    )
    return found.flat()
  }

  #check(kind: 'jsonata' | 'template' | 'script', source: string): Promise<string | undefined> {
    const key = `${kind}:${source}`
    const known = this.#checked.get(key)
    if (known !== undefined) return known
    const checked = this.#options.sandbox.check({ kind, source })
    checked.catch(() => this.#checked.delete(key))
    this.#checked.set(key, checked)
    if (this.#checked.size > checksKept) this.#checked.delete(this.#checked.keys().next().value ?? key)
    return checked
  }
}

/** With a full stop, where the words are somebody else's and may have none. */
export const closed = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

type ParsedGraph =
  | { readonly ok: true; readonly graph: WrittenGraph }
  | { readonly ok: false; readonly problems: readonly Problem[] }

function parseGraph(graph: unknown): ParsedGraph {
  const parsed = writtenGraph.safeParse(graph)
  if (parsed.success) return { ok: true, graph: parsed.data }
  const problems = issuesOf(writtenGraph, graph).map(({ path, message }) => ({
    nodeId: null,
    path: path.join('.'),
    message: `In the graph${path.length > 0 ? ` at ${path.join('.')}` : ''}: ${message}.`,
  }))
  return { ok: false, problems }
}
