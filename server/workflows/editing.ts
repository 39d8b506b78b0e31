/**
 * What a person does to a workflow: make it, change its draft, publish, restore, pause, give it a new URL, delete it.
 * Shape faults are refused when saving; all else is kept in the draft with its problems and refused when publishing.
 */
import { randomBytes } from 'node:crypto'
import type { Graph, Problem } from '../../nodes/contract/graph.ts'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import type { Clock } from '../engine/clock.ts'
import type { Queue } from '../queue/queue.ts'
import type { Sandbox } from '../runtime/runtime.ts'
import { enqueue } from '../engine/enqueue.ts'
import { signal } from '../engine/signals.ts'
import { Conflict, NotFound, type Storage, type Version, type Workflow } from '../storage/storage.ts'
import { GraphCheck } from './graph-check.ts'
import type { Secrets } from './secrets.ts'
import { secretsOf, vault } from './vault.ts'

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
  readonly #check: GraphCheck

  constructor(options: EditingOptions) {
    this.#options = options
    this.#check = new GraphCheck(options)
  }

  /** All that keeps a graph from being published. */
  problemsOf(graph: unknown): Promise<readonly Problem[]> {
    return this.#check.problemsOf(graph)
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
    const fit = this.#check.shaped(graph)
    if (publish) await this.#check.publishable(fit)
    const at = clock.now()
    const ownKey = key ?? (await this.#freeKey(name))
    if (key !== undefined && (await storage.workflows.byKey(key)) !== undefined) {
      throw taken(key)
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
    try {
      await storage.workflows.create(workflow)
    } catch (error) {
      if (!(error instanceof Conflict)) throw error
      // Somebody took the key a moment ago: one that was asked for cannot be had, one made from the name can be another.
      if (key !== undefined) throw taken(key)
      return this.create({ name, graph, enabled, publish })
    }
    if (publish)
      await storage.workflows.publish(workflow.id, { graph: workflow.draft, note: '', createdAt: at })
    this.#changed(workflow.id)
    return this.get(workflow.id)
  }

  /** Throws `NotFound`. */
  async get(id: WorkflowId): Promise<Workflow> {
    const workflow = await this.#options.storage.workflows.get(id)
    if (workflow === undefined) throw new NotFound('There is no such workflow.')
    return workflow
  }

  /**
   * Applies what is given. Throws `Unfit` for a graph that cannot be saved, `Conflict` when `revision` is not the stored one;
   * without a revision the change wins over whatever is there.
   */
  async change(id: WorkflowId, { name, graph, enabled, revision }: WorkflowChange): Promise<Workflow> {
    const fit = graph === undefined ? undefined : this.#check.shaped(graph)
    const before = await this.get(id)
    if (revision !== undefined && revision !== before.revision) throw outdated(before.revision, revision)
    const draft = fit && JSON.stringify(await this.#vaulted(fit, before.key, before))
    const same =
      (name ?? before.name) === before.name &&
      (enabled ?? before.enabled) === before.enabled &&
      (draft ?? before.draft) === before.draft
    if (same) {
      // A release that was broken off (a crash, a full disk) is made up for by asking again.
      if (enabled === true) await this.#releaseHeld(id)
      return before
    }
    const change = {
      ...(name !== undefined && { name }),
      ...(draft !== undefined && { draft }),
      ...(enabled !== undefined && { enabled }),
    }
    const after = await this.#update(before, revision, change)
    if (after.enabled && enabled === true) await this.#releaseHeld(id)
    return after
  }

  /** Without a revision it is tried again until nobody comes between: each that does has got further itself. */
  async #update(
    { id, revision: found }: Workflow,
    revision: number | undefined,
    change: Partial<Pick<Workflow, 'name' | 'draft' | 'enabled' | 'token'>>,
  ): Promise<Workflow> {
    const { storage, clock } = this.#options
    for (let base = found; ; base = (await this.get(id)).revision) {
      try {
        const after = await storage.workflows.update(id, base, { ...change, updatedAt: clock.now() })
        this.#changed(id)
        return after
      } catch (error) {
        if (!(error instanceof Conflict)) throw error
        if (revision !== undefined) throw outdated((await this.get(id)).revision, revision)
      }
    }
  }

  /** What a start does: runs that were left held by a crash while their workflow was being enabled. */
  async releaseAll(): Promise<void> {
    let after: string | undefined
    for (;;) {
      const page = await this.#options.storage.workflows.list({ limit: 200, ...(after && { after }) })
      for (const { id, enabled } of page.items) if (enabled) await this.#releaseHeld(id)
      if (page.next === null) return
      after = page.next
    }
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
      throw outdated(workflow.revision, revision)
    }
    await this.#check.publishable(JSON.parse(workflow.draft) as Graph)
    const current =
      workflow.version === null ? undefined : await storage.workflows.version(id, workflow.version)
    if (current?.graph === workflow.draft) return current
    const version = await storage.workflows.publish(id, {
      graph: workflow.draft,
      note,
      createdAt: clock.now(),
    })
    this.#changed(id)
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
    return this.#update(await this.get(id), undefined, { token: newToken() })
  }

  async delete(id: WorkflowId): Promise<void> {
    await this.get(id)
    try {
      await this.#options.storage.workflows.delete(id)
    } finally {
      // Its hook is unknown from the first moment, also when what it leaves behind could not be cleared away at once.
      this.#changed(id)
    }
  }

  /** A draft's own secrets may change their text; one that a version refers to keeps it, as the version itself does. */
  #vaulted(graph: Graph, owner: string, before?: Workflow): Promise<Graph> {
    const { types, secrets } = this.#options
    const own = before && secretsOf(JSON.parse(before.draft) as Graph)
    let pinned: Promise<ReadonlySet<string>> | undefined
    const mayReplace = async (name: string): Promise<boolean> => {
      if (before === undefined || own?.has(name) !== true) return false
      return !(await (pinned ??= this.#secretsOfVersions(before.id))).has(name)
    }
    return vault(graph, { types, secrets, owner, mayReplace })
  }

  async #secretsOfVersions(id: WorkflowId): Promise<ReadonlySet<string>> {
    const names = new Set<string>()
    for (let after: string | undefined; ;) {
      const page = await this.#options.storage.workflows.versions(id, {
        limit: 50,
        ...(after !== undefined && { after }),
      })
      for (const { graph } of page.items) {
        for (const name of secretsOf(JSON.parse(graph) as Graph)) names.add(name)
      }
      if (page.next === null) return names
      after = page.next
    }
  }

  #changed(workflowId: WorkflowId): void {
    this.#options.onChange()
    signal('workflow.changed', { workflowId })
  }

  async #releaseHeld(id: WorkflowId): Promise<void> {
    const { storage, queue } = this.#options
    for (;;) {
      const released = await storage.runs.releaseHeld(id, releasedAtOnce)
      enqueue(queue, id, released)
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

const taken = (key: string): Conflict =>
  new Conflict(`There is a workflow with the key "${key}" already. Choose another, or change that one.`)

const outdated = (found: number, based: number): Conflict =>
  new Conflict(
    `Somebody else has changed this workflow: it is at revision ${found}, and your change was made to ${based}. Read it again, then change it.`,
  )

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
