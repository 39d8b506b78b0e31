import type { EventView } from '../../nodes/contract/context.ts'
import type { RunId } from '../../nodes/contract/ids.ts'
import type { Outbound, Sandbox, Targets } from '../runtime/runtime.ts'
import type { Run, StoredStep } from '../storage/storage.ts'
import type { CallerAnswer } from '../../nodes/contract/context.ts'
import type { Clock } from './clock.ts'
import type { CompiledGraph, CompiledNode } from './compile.ts'
import { Message, jsonObject } from './message.ts'

/** What a run needs of the world beside its own data. */
export interface Tools {
  readonly clock: Clock
  readonly sandbox: Sandbox
  readonly outbound: Outbound
  readonly targets: Targets
  /** The text of a secret, or `undefined`. */
  revealSecret(name: string): Promise<string | undefined>
  /** Hands an answer to the caller of the hook, if it still waits. */
  answerCaller(runId: RunId, answer: CallerAnswer): void
}

/** One run in a worker's hands: its graph, its event, its journal as far as it is known. */
export class Hand {
  readonly run: Run
  readonly graph: CompiledGraph
  readonly event: EventView
  readonly workflow: { readonly id: string; readonly name: string }
  readonly outputBytesMax: number
  /** Outbound requests are not sent: each is answered by an empty 200. */
  readonly isSimulated: boolean
  /** The parsed body, as text: where JSON came, the very text. */
  readonly message: Message
  readonly journal: Map<string, StoredStep>
  readonly #outputs = new Map<string, Message>()
  #eventJson: string | undefined

  constructor(loaded: {
    readonly run: Run
    readonly graph: CompiledGraph
    readonly event: EventView
    readonly workflow: { readonly id: string; readonly name: string }
    readonly outputBytesMax: number
    readonly isSimulated: boolean
    readonly message: Message
    readonly steps: readonly StoredStep[]
  }) {
    this.run = loaded.run
    this.graph = loaded.graph
    this.event = loaded.event
    this.workflow = loaded.workflow
    this.outputBytesMax = loaded.outputBytesMax
    this.isSimulated = loaded.isSimulated
    this.message = loaded.message
    this.journal = new Map(loaded.steps.map((step) => [step.id, step]))
  }

  /**
   * The message that reaches a node: that of its one live edge. Where several branches meet, an object with the message
   * of each that arrived, by the id of the node it came from. The webhook node gets the parsed body.
   */
  inputOf({ type, incoming }: CompiledNode): Message {
    if (type.role === 'starts') return this.message
    const live = new Map(
      incoming
        .filter(({ source, port }) => this.journal.get(source)?.port === port)
        .map(({ source }) => [source, this.outputOf(source)]),
    )
    const [only, ...others] = live.values()
    if (only !== undefined && others.length === 0) return only
    return Message.fromJson(jsonObject(Array.from(live, ([id, message]) => [id, message.json] as const)))
  }

  /** What a node gave out; null while it has not. */
  outputOf(nodeId: string): Message {
    const known = this.#outputs.get(nodeId)
    if (known !== undefined) return known
    const output = this.journal.get(nodeId)?.output ?? null
    const compiled = this.graph.byId.get(nodeId)
    const message =
      output === null || compiled === undefined
        ? Message.fromValue(null)
        : output.kind === 'same'
          ? this.inputOf(compiled)
          : Message.fromJson(output.json)
    if (output !== null) this.#outputs.set(nodeId, message)
    return message
  }

  /** `$steps`: the outputs of the nodes before this one that have run. */
  stepsJson({ ancestors }: CompiledNode): string {
    const done = [...ancestors].filter((id) => this.journal.has(id))
    return jsonObject(done.map((id) => [id, this.outputOf(id).json] as const))
  }

  /** `$event` for this source: the files of a body, megabytes perhaps, only where it mentions them. */
  eventJson(source: string): string {
    const { event } = this
    return event.files.length > 0 && source.includes('files')
      ? JSON.stringify(event)
      : (this.#eventJson ??= JSON.stringify({ ...event, files: [] }))
  }

  get runJson(): string {
    const { id, version, kind, createdAt } = this.run
    return JSON.stringify({ id, version, kind, createdAt: new Date(createdAt).toISOString() })
  }

  get workflowJson(): string {
    return JSON.stringify(this.workflow)
  }
}
