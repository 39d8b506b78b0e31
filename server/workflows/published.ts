/**
 * Published graphs, ready for use: for the door (hooks, by token) and for workers (by run). Compiled once per version and kept
 * until somebody says that the workflow or a secret changed.
 */
import type { Graph } from '../../nodes/contract/graph.ts'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { migrateGraph } from '../../nodes/contract/migrate.ts'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import { type CompiledGraph, compileGraph } from '../engine/compile.ts'
import { type Hook, openHook } from '../inbound/hook.ts'
import type { Remote } from '../inbound/remote.ts'
import type { Sandbox } from '../runtime/runtime.ts'
import type { Storage, Workflow } from '../storage/storage.ts'
import type { Secrets } from './secrets.ts'

export interface PublishedOptions {
  readonly storage: Storage
  readonly secrets: Pick<Secrets, 'reveal'>
  readonly types: NodeTypes
  /** For hooks whose keys have to be fetched. */
  readonly remote?: Remote
  readonly sandbox: Pick<Sandbox, 'evaluate'>
}

/** Compiled graphs and hooks that are kept at most; the oldest goes. */
const keptMax = 1_000

export class Published {
  readonly #options: PublishedOptions
  readonly #hooks = new Map<string, Promise<Hook | undefined>>()
  readonly #graphs = new Map<string, Promise<CompiledGraph | undefined>>()
  readonly #names = new Map<string, Promise<string | undefined>>()

  constructor(options: PublishedOptions) {
    this.#options = options
  }

  /** The hook of a token; `undefined` when no workflow has it. */
  hook(token: string): Promise<Hook | undefined> {
    return kept(this.#hooks, token, async () => {
      const workflow = await this.#options.storage.workflows.byToken(token)
      return workflow && this.hookOf(workflow)
    })
  }

  /** The hook of a draft: never kept, since a draft changes with each key that is pressed. */
  async draftHook(token: string): Promise<Hook | undefined> {
    const workflow = await this.#options.storage.workflows.byToken(token)
    return workflow && this.#open(workflow, { version: null, graph: this.#read(workflow.draft) })
  }

  async hookOf(workflow: Workflow): Promise<Hook> {
    const { version: number } = workflow
    const version =
      number === null ? undefined : await this.#options.storage.workflows.version(workflow.id, number)
    return this.#open(workflow, version && { version: version.number, graph: this.#read(version.graph) })
  }

  nameOf(id: WorkflowId): Promise<string | undefined> {
    return kept(this.#names, id, async () => (await this.#options.storage.workflows.get(id))?.name)
  }

  graph(id: WorkflowId, version: number): Promise<CompiledGraph | undefined> {
    return kept(this.#graphs, `${id} ${version}`, async () => {
      const stored = await this.#options.storage.workflows.version(id, version)
      return stored && this.compile(stored.graph)
    })
  }

  /** @param graph JSON text */
  compile(graph: string): CompiledGraph {
    return compileGraph(this.#read(graph), this.#options.types)
  }

  /** A workflow or a secret changed. To compile all hooks again costs little, and a secret may be in any of them. */
  forget(): void {
    this.#hooks.clear()
    this.#names.clear()
  }

  #read = (graph: string): Graph => migrateGraph(JSON.parse(graph) as Graph, this.#options.types)

  #open(workflow: Workflow, published: Parameters<typeof openHook>[1]): Promise<Hook> {
    const { secrets, sandbox, remote } = this.#options
    return openHook(workflow, published, { reveal: (name) => secrets.reveal(name), sandbox, remote })
  }
}

/** What the map holds for the key, made once even when many ask at the same time. What is absent or fails is not kept. */
function kept<T>(map: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  if (map.size > keptMax) map.delete(map.keys().next().value ?? key)
  const forget = () => {
    if (map.get(key) === made) map.delete(key)
  }
  made.then((value) => value === undefined && forget(), forget)
  return made
}
