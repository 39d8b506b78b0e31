/**
 * What a person does to a workflow: make it, change its draft, publish, restore, pause, give it a new URL, delete it.
 * Shape faults are refused when saving; all else is kept in the draft with its problems and refused when publishing.
 */
import { randomBytes } from 'node:crypto'
import { type Graph, type Problem, graphSchema } from '../../nodes/contract/graph.ts'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { issuesOf } from '../../nodes/contract/issue.ts'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import { programsOf, settingProblems, shapeProblems } from '../../nodes/contract/problems.ts'
import type { Clock } from '../engine/clock.ts'
import type { Queue } from '../queue/queue.ts'
import type { Sandbox } from '../runtime/runtime.ts'
import { Conflict, NotFound, type Storage, type Version, type Workflow } from '../storage/storage.ts'
import type { Secrets } from './secrets.ts'
import { vault } from './vault.ts'

/** A graph that cannot be saved, or cannot be published. */
export class Unfit extends Error {
  override readonly name = 'Unfit'
  readonly problems: readonly Problem[]
  constructor(message: string, problems: readonly Problem[]) {
    super(message)
    this.problems = problems
  }
}

export interface EditingOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly sandbox: Sandbox
  readonly secrets: Secrets
  readonly clock: Clock
  readonly types: NodeTypes
  /** Told when something changed that others keep a copy of. */
  readonly onChange: () => void
}

export interface WorkflowChange {
  readonly name?: string | undefined
  readonly graph?: unknown
  readonly enabled?: boolean | undefined
  /** The revision that the change was based on; absent = whatever is there. */
  readonly revision?: number | undefined
}

/** Held runs that are put into the queue in one go when a workflow is enabled. */
const releasedAtOnce = 1_000

export class Editing {
  readonly #options: EditingOptions
  readonly #checked = new Map<string, Promise<string | undefined>>()

  constructor(options: EditingOptions) {
    this.#options = options
  }

  /** Throws `Unfit` for a graph that cannot be saved (or published, when asked to), `Conflict` when the key is taken. */
  async create({
    key,
    name,
    graph,
    enabled = true,
    publish = false,
  }: {
    readonly key?: string | undefined
    readonly name: string
    readonly graph: unknown
    readonly enabled?: boolean | undefined
    readonly publish?: boolean | undefined
  }): Promise<Workflow> {
    const { storage, clock } = this.#options
    const fit = this.#shaped(graph)
    if (publish) await this.#publishable(fit)
    const at = clock.now()
    const ownKey = key ?? (await this.#freeKey(name))
    if (key !== undefined && (await storage.workflows.byKey(key)) !== undefined) {
      throw new Conflict(
        `There is a workflow with the key "${key}" already. Choose another, or change that one.`,
      )
    }
    const workflow: Workflow = {
      id: clock.newId('wf'),
      key: ownKey,
      name,
      enabled,
      token: newToken(),
      revision: 1,
      draft: JSON.stringify(await this.#vaulted(fit, ownKey)),
      version: null,
      createdAt: at,
      updatedAt: at,
    }
    await storage.workflows.create(workflow)
    if (!publish) return workflow
    await storage.workflows.publish(workflow.id, { graph: workflow.draft, note: '', createdAt: at })
    return this.get(workflow.id)
  }

  /** Throws `NotFound`. */
  async get(id: WorkflowId): Promise<Workflow> {
    const workflow = await this.#options.storage.workflows.get(id)
    if (workflow === undefined) throw new NotFound('There is no such workflow.')
    return workflow
  }

  async change(id: WorkflowId, { name, graph, enabled, revision }: WorkflowChange): Promise<Workflow> {
    const { storage, clock } = this.#options
    const fit = graph === undefined ? undefined : this.#shaped(graph)
    const before = await this.get(id)
    const draft = fit && JSON.stringify(await this.#vaulted(fit, before.key))
    const same =
      (name ?? before.name) === before.name &&
      (enabled ?? before.enabled) === before.enabled &&
      (draft ?? before.draft) === before.draft
    if (same && (revision ?? before.revision) === before.revision) return before
    const after = await storage.workflows.update(id, revision ?? before.revision, {
      ...(name !== undefined && { name }),
      ...(draft !== undefined && { draft }),
      ...(enabled !== undefined && { enabled }),
      updatedAt: clock.now(),
    })
    this.#options.onChange()
    if (after.enabled && !before.enabled) await this.#releaseHeld(id)
    return after
  }

  /** Puts held runs into the queue, in order, unless the workflow is paused. */
  async releaseIfEnabled(id: WorkflowId): Promise<void> {
    const workflow = await this.#options.storage.workflows.get(id)
    if (workflow?.enabled) await this.#releaseHeld(id)
  }

  /** Makes the draft the version that runs; one that runs already stays as it is. Throws `Unfit` with all problems; `Conflict` when `revision` is not the draft's. */
  async publish(
    id: WorkflowId,
    { note = '', revision }: { readonly note?: string | undefined; readonly revision?: number | undefined },
  ): Promise<Version> {
    const { storage, clock } = this.#options
    const workflow = await this.get(id)
    if (revision !== undefined && revision !== workflow.revision) {
      throw new Conflict('The draft has changed since you looked at it. Look again, then publish.')
    }
    await this.#publishable(JSON.parse(workflow.draft) as Graph)
    const current =
      workflow.version === null ? undefined : await storage.workflows.version(id, workflow.version)
    if (current?.graph === workflow.draft) return current
    const version = await storage.workflows.publish(id, {
      graph: workflow.draft,
      note,
      createdAt: clock.now(),
    })
    this.#options.onChange()
    return version
  }

  /** Makes the graph of a version the draft again; what runs does not change until it is published. */
  async restore(id: WorkflowId, number: number): Promise<Workflow> {
    const version = await this.#options.storage.workflows.version(id, number)
    if (version === undefined) throw new NotFound('There is no such version.')
    return this.change(id, { graph: JSON.parse(version.graph) })
  }

  /** Gives the workflow a new hook URL; the old one is unknown from then on. */
  async rotateToken(id: WorkflowId): Promise<Workflow> {
    const { storage, clock } = this.#options
    const { revision } = await this.get(id)
    const after = await storage.workflows.update(id, revision, { token: newToken(), updatedAt: clock.now() })
    this.#options.onChange()
    return after
  }

  async delete(id: WorkflowId): Promise<void> {
    await this.get(id)
    await this.#options.storage.workflows.delete(id)
    this.#options.onChange()
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

  async #programProblems(graph: Graph): Promise<readonly Problem[]> {
    const programs = programsOf(graph, this.#options.types)
    const found = await Promise.all(
      programs.map(async ({ nodeId, path, kind, source }) => {
        const message = await this.#check(kind, source)
        return message === undefined ? [] : [{ nodeId, path, message }]
      }),
    )
    return found.flat()
  }

  /** Programs are checked again and again while somebody types: the last few hundred answers are kept. */
  #check(kind: 'jsonata' | 'template' | 'script', source: string): Promise<string | undefined> {
    const key = `${kind}:${source}`
    const known = this.#checked.get(key)
    if (known !== undefined) return known
    const checked = this.#options.sandbox.check({ kind, source })
    checked.catch(() => this.#checked.delete(key))
    this.#checked.set(key, checked)
    if (this.#checked.size > 500) this.#checked.delete(this.#checked.keys().next().value ?? key)
    return checked
  }

  #shaped(graph: unknown): Graph {
    const parsed = parseGraph(graph)
    const problems = parsed.ok ? shapeProblems(parsed.graph, this.#options.types) : parsed.problems
    if (!parsed.ok || problems.length > 0) {
      throw new Unfit(`This graph cannot be saved: ${problems[0]?.message ?? 'it has no shape.'}`, problems)
    }
    return parsed.graph
  }

  #vaulted(graph: Graph, owner: string): Promise<Graph> {
    const { types, secrets } = this.#options
    return vault(graph, { types, secrets, owner })
  }

  async #publishable(graph: Graph): Promise<void> {
    const problems = await this.problemsOf(graph)
    if (problems.length === 0) return
    const count = problems.length === 1 ? 'One thing is' : `${problems.length} things are`
    throw new Unfit(
      `${count} to be mended before this can be published: ${problems[0]?.message ?? ''}`,
      problems,
    )
  }

  async #releaseHeld(id: WorkflowId): Promise<void> {
    const { storage, queue } = this.#options
    for (;;) {
      const released = await storage.runs.releaseHeld(id, releasedAtOnce)
      await queue.add(released.map((key) => ({ key, lane: id })))
      if (released.length < releasedAtOnce) return
    }
  }

  async #freeKey(name: string): Promise<string> {
    const { storage } = this.#options
    const slug = slugOf(name)
    if ((await storage.workflows.byKey(slug)) === undefined) return slug
    return `${slug.slice(0, 50)}-${randomBytes(4).toString('hex')}`
  }
}

/** 192 bits of chance: nobody guesses a hook URL. */
const newToken = (): string => randomBytes(24).toString('base64url')

/** `Push to Slack` → `push-to-slack`. */
function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
  return slug === '' ? 'workflow' : slug
}

type ParsedGraph =
  { readonly ok: true; readonly graph: Graph } | { readonly ok: false; readonly problems: readonly Problem[] }

function parseGraph(graph: unknown): ParsedGraph {
  const parsed = graphSchema.safeParse(graph)
  if (parsed.success) return { ok: true, graph: parsed.data }
  const problems = issuesOf(graphSchema, graph).map(({ path, message }) => ({
    nodeId: null,
    path: path.join('.'),
    message: `In the graph${path.length > 0 ? ` at ${path.join('.')}` : ''}: ${message}.`,
  }))
  return { ok: false, problems }
}
