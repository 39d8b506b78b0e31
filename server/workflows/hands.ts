import type { EventId } from '../../nodes/contract/ids.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import type { Unwrap } from '../../nodes/contract/provider.ts'
import { providers } from '../../nodes/providers/index.ts'
import { readWebhookSettings } from '../../nodes/webhook.ts'
import type { CompiledGraph } from '../engine/compile.ts'
import { Hand } from '../engine/hand.ts'
import { limits } from '../engine/limits.ts'
import { Message } from '../engine/message.ts'
import { readMessage } from '../inbound/body.ts'
import type { FreshEvent } from '../inbound/fresh-events.ts'
import { type Naming, compileNaming } from '../inbound/naming.ts'
import { eventView } from '../inbound/view.ts'
import type { NewRun, Run, Storage, StoredStep } from '../storage/storage.ts'
import type { Published } from './published.ts'

export interface HandsOptions {
  readonly storage: Storage
  readonly published: Published
}

/**
 * Brings together what a run needs to be worked on or looked at; `undefined` when its event or its graph is gone.
 * @param known its steps, where the caller knows them
 */
export const loadHand = (
  run: Run,
  options: HandsOptions,
  known?: readonly StoredStep[],
): Promise<Hand | undefined> =>
  handOf(run, options, {
    read: (rules) => readEvent(run.eventId, options.storage, rules),
    steps: known ?? options.storage.runs.steps(run.id),
  })

/** The same for what the door has just let in: little is asked of the store. */
export const freshHand = (
  { run, event, message, json, body, files }: FreshEvent,
  options: HandsOptions,
): Promise<Hand | undefined> =>
  handOf(unclaimed(run), options, {
    read: ({ naming }) => ({
      event: eventView(event, { message, body, naming, files }),
      message: Message.fromBoth(json, message),
    }),
    steps: [],
  })

type ReadEvent = Pick<Hand, 'event' | 'message'>

async function handOf(
  run: Run,
  { storage, published }: HandsOptions,
  from: {
    readonly read: (rules: EventRules) => ReadEvent | Promise<ReadEvent | undefined>
    readonly steps: readonly StoredStep[] | Promise<readonly StoredStep[]>
  },
): Promise<Hand | undefined> {
  const [name, graph, steps] = await Promise.all([
    published.nameOf(run.workflowId),
    graphOf(run, { storage, published }),
    from.steps,
  ])
  if (name === undefined || graph === undefined) return undefined
  const rules = rulesOf(graph.compiled)
  const read = await from.read(rules)
  if (read === undefined) return undefined
  return new Hand({
    run,
    graph: graph.compiled,
    isSimulated: graph.isSimulated,
    ...read,
    workflow: { id: run.workflowId, name },
    outputBytesMax: Math.max(limits.outputBytesMax, rules.bodyBytesMax),
    steps,
  })
}

/** A run that nobody has had in hand. */
export const unclaimed = (run: NewRun): Run => ({
  ...run,
  error: null,
  startedAt: null,
  endedAt: null,
  dueAt: null,
  owner: null,
  fence: 0,
  interruptions: 0,
  cancelRequested: false,
})

async function readEvent(
  id: EventId,
  storage: Storage,
  { unwrap, naming }: EventRules,
): Promise<ReadEvent | undefined> {
  const [event, body] = await Promise.all([storage.events.get(id), storage.events.body(id)])
  if (event === undefined || body === undefined) return undefined
  const contentType = contentTypeOf(event.rawHeaders)
  const read = await readMessage(
    Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    contentType,
    unwrap,
  )
  // What could be read at the door can be read again; only a graph with other rules may not, and then it is text.
  const message = read.ok
    ? Message.fromJson(read.json)
    : Message.fromValue(Buffer.from(body).toString('utf8'))
  const files = read.ok ? read.files : undefined
  return { event: eventView(event, { message: message.value, body, naming, files }), message }
}

/** A test run's graph is the draft as it was, with a mark where nothing is to be sent. */
async function graphOf(
  run: Run,
  { storage, published }: HandsOptions,
): Promise<{ readonly compiled: CompiledGraph; readonly isSimulated: boolean } | undefined> {
  if (run.version !== null) {
    const compiled = await published.graph(run.workflowId, run.version)
    return compiled && { compiled, isSimulated: false }
  }
  const draft = await storage.runs.graph(run.id)
  if (draft === undefined) return undefined
  return {
    compiled: published.compile(draft),
    isSimulated: (JSON.parse(draft) as DraftGraph).simulate === true,
  }
}

/** The graph that a draft's run carries, as JSON. */
export type DraftGraph = Graph & { readonly simulate?: boolean }

/** How a graph's events are read; found once per graph. */
interface EventRules {
  readonly unwrap: Unwrap | undefined
  readonly bodyBytesMax: number
  readonly naming: Naming | undefined
}
const rulesOfGraphs = new WeakMap<CompiledGraph, EventRules>()

function rulesOf(graph: CompiledGraph): EventRules {
  const known = rulesOfGraphs.get(graph)
  if (known !== undefined) return known
  const rules = readRules(graph)
  rulesOfGraphs.set(graph, rules)
  return rules
}

function readRules(graph: CompiledGraph): EventRules {
  const start = graph.nodes.find(({ type }) => type.role === 'starts')
  const settings = start && readWebhookSettings(start.node.data.config)
  const provider = settings && providers.get(settings.verification.scheme)
  return {
    unwrap: provider?.unwrap,
    bodyBytesMax: settings?.limits.bodyBytes ?? provider?.bodyBytesMax ?? 0,
    naming: settings && compileNaming(settings, provider),
  }
}

export function contentTypeOf(rawHeaders: readonly string[]): string | undefined {
  const at = rawHeaders.findIndex((name, index) => index % 2 === 0 && name.toLowerCase() === 'content-type')
  return at === -1 ? undefined : rawHeaders[at + 1]
}
