/**
 * Moves everything that is stored from one store to another, over the port: `sqlite:DATA-DIR` and `mongodb://…`, either way. No
 * server may run on either meanwhile. What is there comes over with its ids, times, steps and attempts; who is signed in
 * signs in again.
 */
import { randomBytes } from 'node:crypto'
import type { Graph } from '../nodes/contract/graph.ts'
import { makeId } from '../nodes/contract/ids.ts'
import type { WorkerId } from '../nodes/contract/ids.ts'
import { readWebhookSettings } from '../nodes/webhook.ts'
import { rejectionsKept } from './inbound/refusals.ts'
import { lockDataDir } from './storage/lock.ts'
import { openStorage } from './storage/open.ts'
import type { Paged, Page, Progress, Run, Storage, StoredEvent, Tally } from './storage/storage.ts'

const pageSize = 500
/** Events that are copied at once: they share a commit. */
const together = 100
/** How long keys are held where a workflow says nothing. */
const dedupeWindowSecondsDefault = 86_400

export interface Copied {
  readonly workflows: number
  readonly secrets: number
  readonly from: Tally
  readonly to: Tally
  /** Whether the books of both say the same. Refused requests that are not kept any more are not counted. */
  readonly same: boolean
}

/** Throws an error of one line when one of the two cannot be had, or the second is not empty. */
export async function copyStore(
  fromUrl: string,
  toUrl: string,
  onProgress: (line: string) => void,
): Promise<Copied> {
  await using from = await open(fromUrl)
  await using to = await open(toUrl)
  if ((await to.storage.workflows.list({ limit: 1 })).items.length > 0) {
    throw new Error(`${withoutPassword(toUrl)} has workflows already: copy to an empty store.`)
  }
  // Awaited here, so that both are closed after it.
  return await copy(from.storage, to.storage, onProgress)
}

async function open(url: string): Promise<AsyncDisposable & { readonly storage: Storage }> {
  if (/^mongodb(\+srv)?:\/\//.test(url)) {
    const { openMongoStorage } = await import('./storage/mongo.ts')
    const storage = await openMongoStorage(url)
    return { storage, [Symbol.asyncDispose]: () => storage.close() }
  }
  const dataDir = /^sqlite:(.+)$/.exec(url)?.[1]
  if (dataDir === undefined) {
    throw new Error(
      `"${withoutPassword(url)}" is no store: give sqlite:DATA-DIR or mongodb://host:27017/name.`,
    )
  }
  const lock = await lockDataDir(dataDir)
  const storage = await openStorage({ dataDir, filesAll: true })
  return {
    storage,
    async [Symbol.asyncDispose]() {
      await storage.close()
      lock.release()
    },
  }
}

async function copy(from: Storage, to: Storage, onProgress: (line: string) => void): Promise<Copied> {
  const worker = makeId('wrk', Date.now(), randomBytes(10))
  const key = await from.settings.get('secret-key')
  if (key !== undefined) await to.settings.put('secret-key', key)
  const secrets = await from.secrets.list()
  for (const { name, updatedAt } of secrets) {
    const sealed = await from.secrets.get(name)
    if (sealed !== undefined) await to.secrets.put(name, sealed, updatedAt)
  }
  const workflows = (await all((page) => from.workflows.list(page))).toReversed()
  for (const workflow of workflows) {
    await to.workflows.create({ ...workflow, version: null })
    const versions = (await all((page) => from.workflows.versions(workflow.id, page))).toReversed()
    for (const version of versions) await to.workflows.publish(workflow.id, version)
    const rejections = await all((page) => from.rejections.list({ workflowId: workflow.id }, page))
    for (const rejection of rejections.toReversed()) {
      const body = (await from.rejections.body(rejection.id)) ?? new Uint8Array()
      await to.rejections.add(rejection, body, rejectionsKept)
    }
    const dedupeWindowMs = 1_000 * windowSecondsOf(versions.at(-1)?.graph)
    // Oldest first: whoever holds a dedupe key came before its duplicates.
    const ids = (await all((page) => from.events.list({ workflowId: workflow.id }, page)))
      .map(({ id }) => id)
      .toReversed()
    for (let at = 0; at < ids.length; at += together) {
      const slice = ids.slice(at, at + together)
      await Promise.all(slice.map((id) => copyEvent(id, { from, to, worker, dedupeWindowMs })))
    }
    onProgress(`${workflow.key}: ${versions.length} versions, ${ids.length} events`)
  }
  await to.workers.remove(worker)
  const [before, after] = [await from.balance(), await to.balance()]
  const same = JSON.stringify({ ...before, rejected: 0 }) === JSON.stringify({ ...after, rejected: 0 })
  return { workflows: workflows.length, secrets: secrets.length, from: before, to: after, same }
}

interface Copying {
  readonly from: Storage
  readonly to: Storage
  readonly worker: WorkerId
  readonly dedupeWindowMs: number
}

async function copyEvent(
  id: StoredEvent['id'],
  { from, to, worker, dedupeWindowMs }: Copying,
): Promise<void> {
  const event = await from.events.get(id)
  const body = await from.events.body(id)
  if (event === undefined || body === undefined) return
  const { duplicates, bodyBytes: _, ...plain } = event
  const runs = (await all((page) => from.runs.list({ eventId: id }, page))).toReversed()
  const [first, ...others] = await Promise.all(runs.map((run) => newRunOf(run, from)))
  await to.events.accept({ ...plain, body, dedupeWindowMs }, first)
  for (let n = 0; n < duplicates; n += 1) {
    const again = { ...plain, id: makeId('evt', event.receivedAt, randomBytes(10)), body, dedupeWindowMs }
    await to.events.accept(again, undefined)
  }
  for (const run of others) await to.runs.create(run)
  for (const run of runs) await copyProgress(run, { from, to, worker })
}

async function newRunOf(run: Run, from: Storage) {
  const graph = await from.runs.graph(run.id)
  const { id, eventId, workflowId, kind, version, createdAt } = run
  const state = run.state === 'held' ? ('held' as const) : ('accepted' as const)
  return { id, eventId, workflowId, kind, version, createdAt, state, ...(graph !== undefined && { graph }) }
}

/** What the run has come to. One that nobody has worked on, or that is in hands, is taken up by the next server. */
async function copyProgress(
  run: Run,
  { from, to, worker }: Pick<Copying, 'from' | 'to' | 'worker'>,
): Promise<void> {
  const steps = await from.runs.steps(run.id)
  const change = changeOf(run)
  if (run.state === 'held' || (steps.length === 0 && change === undefined)) return
  const claimed = await to.runs.claim(run.id, worker, run.startedAt ?? run.createdAt)
  if (claimed === undefined) return
  await to.runs.record(run.id, claimed.fence, { steps, ...(change !== undefined && { change }) })
  if (change === undefined) await to.runs.release(run.id, claimed.fence)
}

/** Where it went; `undefined` where it is still on its way. */
function changeOf(run: Run): Progress['change'] {
  const { state, endedAt, createdAt, dueAt, error } = run
  const at = endedAt ?? createdAt
  if (state === 'succeeded' || state === 'filtered' || state === 'cancelled') return { state, at }
  if (state === 'waiting') return { state, dueAt: dueAt ?? at }
  if (state !== 'failed') return undefined
  return { state, at, error: error ?? { code: 'unknown', message: 'The reason was not kept.' } }
}

function windowSecondsOf(graph: string | undefined): number {
  if (graph === undefined) return dedupeWindowSecondsDefault
  const hook = (JSON.parse(graph) as Graph).nodes.find(({ type }) => type === 'webhook')
  const settings = hook && readWebhookSettings(hook.data.config ?? {})
  return settings?.dedupe.windowSeconds ?? dedupeWindowSecondsDefault
}

async function all<T>(list: (page: Page) => Promise<Paged<T>>): Promise<readonly T[]> {
  const items: T[] = []
  for (let after: string | undefined; ;) {
    const page = await list({ limit: pageSize, ...(after !== undefined && { after }) })
    items.push(...page.items)
    if (page.next === null) return items
    after = page.next
  }
}

const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, ':…@')
