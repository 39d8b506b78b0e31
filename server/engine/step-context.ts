import type {
  CallerAnswer,
  EventView,
  HttpAnswer,
  HttpRequest,
  NodeContext,
} from '../../nodes/contract/context.ts'
import { RetryableFailure, TerminalFailure } from '../../nodes/contract/failure.ts'
import type { Json, JsonObject } from '../../nodes/contract/json.ts'
import type { AttemptRecord, LogLine, ProgramKind } from '../runtime/runtime.ts'
import type { CompiledNode } from './compile.ts'
import type { Hand, Tools } from './hand.ts'
import { enterTarget } from './in-line.ts'
import { limits } from './limits.ts'
import { Message } from './message.ts'
import type { Resolver } from './settings.ts'
import { signal } from './signals.ts'

/**
 * What one execution of one node may reach, and what it left behind.
 * Its methods are properties, because nodes take them out of the context (`{ input, http }`).
 */
export class StepContext implements NodeContext, Resolver {
  readonly message: Message
  readonly signal: AbortSignal
  readonly attempts: AttemptRecord[] = []
  readonly logs: LogLine[] = []
  readonly #hand: Hand
  readonly #compiled: CompiledNode
  readonly #tools: Tools
  readonly #revealed = new Set<string>()

  constructor(hand: Hand, compiled: CompiledNode, tools: Tools, signal: AbortSignal) {
    this.#hand = hand
    this.#compiled = compiled
    this.#tools = tools
    this.signal = signal
    this.message = hand.inputOf(compiled)
  }

  get input(): Json {
    return this.message.value
  }

  get inputJson(): string {
    return this.message.exact
  }

  get event(): EventView {
    return this.#hand.event
  }

  get steps(): JsonObject {
    return JSON.parse(this.#hand.stepsJson(this.#compiled)) as JsonObject
  }

  readonly now = (): Date => new Date(this.#tools.clock.now())

  readonly evaluate = async (expression: string, input?: Json): Promise<Json> =>
    (await this.#run('jsonata', expression, this.#messageOf(input))).value

  readonly holds = async (condition: string, input?: Json): Promise<boolean> =>
    (await this.evaluate(`$boolean((${condition}\n))`, input)) === true

  readonly script: NodeContext['script'] = async (code, bounds) =>
    (await this.#run('script', code, this.message, bounds)).value

  async expression(source: string): Promise<Json> {
    return this.evaluate(source)
  }

  async template(source: string): Promise<string> {
    const { value } = await this.#run('template', source, this.message)
    return typeof value === 'string' ? value : JSON.stringify(value)
  }

  async secret(name: string): Promise<string> {
    const text = await this.#tools.revealSecret(name)
    if (text === undefined) {
      throw new TerminalFailure({
        code: 'secret-missing',
        message: `There is no secret named "${name}". Add it, then resume this run.`,
      })
    }
    this.#revealed.add(text)
    return text
  }

  readonly http = async (request: HttpRequest): Promise<HttpAnswer> => {
    if (this.#hand.isSimulated) {
      this.logs.push({
        level: 'info',
        text: `Not sent (simulated): ${request.method} ${targetOf(request.url)}`,
      })
      return { status: 200, headers: {}, body: null }
    }
    const { limits } = request
    if (limits === undefined) return this.#send(request)
    using place = await enterTarget(this.#tools, {
      target: targetOf(request.url),
      limits,
      id: this.#requestId,
      before: this.#hand.journal.get(this.#compiled.node.id)?.inLine,
      signal: this.signal,
    })
    if (place.waited !== undefined) this.logs.push({ level: 'info', text: place.waited })
    return await this.#send(request)
  }

  /** The same on every attempt. */
  get #requestId(): string {
    return `${this.#hand.run.id}:${this.#compiled.node.id}`
  }

  async #send(request: HttpRequest): Promise<HttpAnswer> {
    if (request.signingSecret !== undefined) this.#revealed.add(request.signingSecret)
    const sent = await this.#tools.outbound.send(request, {
      id: this.#requestId,
      redact: [...this.#revealed],
      signal: this.signal,
    })
    // An attempt that was broken off by a stop or a cancel is no attempt: it is made again, or never wanted.
    if (this.signal.aborted) throw this.signal.reason
    this.attempts.push(sent.record)
    signal('attempt.made', {
      workflowId: this.#hand.run.workflowId,
      runId: this.#hand.run.id,
      stepId: this.#compiled.node.id,
      target: targetOf(sent.record.request.url),
      status: sent.record.response?.status ?? null,
      code: sent.ok ? null : sent.error.code,
      durationMs: sent.record.durationMs,
    })
    if (sent.ok) return sent.answer
    throw sent.retryable ? new RetryableFailure(sent.error) : new TerminalFailure(sent.error)
  }

  readonly respond = (answer: CallerAnswer): void => this.#tools.answerCaller(this.#hand.run.id, answer)

  /** The text of an output: that of the value's own message where one is known, so that it is not made twice. */
  messageOfOutput(data: Json): Message {
    return this.#produced?.value === data ? this.#produced : Message.fromValue(data)
  }

  #produced: Message | undefined

  #messageOf(input: Json | undefined): Message {
    return input === undefined || input === this.message.value ? this.message : Message.fromValue(input)
  }

  async #run(
    kind: ProgramKind,
    source: string,
    message: Message,
    { timeoutMs, memoryMb }: { readonly timeoutMs: number; readonly memoryMb: number } = {
      timeoutMs: limits.evaluationTimeoutMs,
      memoryMb: limits.evaluationMemoryMb,
    },
  ): Promise<Message> {
    const hand = this.#hand
    // A binding that the source does not mention is not sent: names cannot be made at run time, except by `eval`.
    const mentions = (name: string) =>
      source.includes(name) || (kind === 'script' && /\b(eval|arguments)\b/.test(source))
    const evaluated = await this.#tools.sandbox.evaluate({
      workflowId: hand.workflow.id,
      kind,
      source,
      message: message.json,
      bindings: {
        ...(mentions('event') && { event: hand.eventJson(source) }),
        ...(mentions('steps') && { steps: hand.stepsJson(this.#compiled) }),
        ...(mentions('$run') && { run: hand.runJson }),
        ...(mentions('$workflow') && { workflow: hand.workflowJson }),
      },
      limits: { timeoutMs, memoryMb, outputBytesMax: hand.outputBytesMax, logBytesMax: limits.logBytesMax },
      signal: this.signal,
    })
    this.logs.push(...evaluated.logs)
    if (!evaluated.ok) throw new TerminalFailure(evaluated.error)
    this.#produced = Message.fromJson(evaluated.value)
    return this.#produced
  }
}

/** Scheme, host and port: what has limits and health of its own. A path may hold a secret. */
const targetOf = (url: string): string => URL.parse(url)?.origin ?? 'unknown'
