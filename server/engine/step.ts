import {
  type Failure,
  RetryableFailure,
  TerminalFailure,
  describeUnknown,
} from '../../nodes/contract/failure.ts'
import type { Outcome } from '../../nodes/contract/node.ts'
import type { StoredStep } from '../storage/storage.ts'
import { BrokenOff, within } from './break.ts'
import type { CompiledNode } from './compile.ts'
import type { Hand, Tools } from './hand.ts'
import { ToldToWait } from './in-line.ts'
import { limits } from './limits.ts'
import { nextAttemptAt } from './retry.ts'
import { type Config, resolveSettings } from './settings.ts'
import { signal } from './signals.ts'
import { StepContext } from './step-context.ts'

/** Executes one node once and returns its journal entry. Throws `BrokenOff` only, when the stretch is. */
export function executeStep(
  hand: Hand,
  compiled: CompiledNode,
  tools: Tools,
  stretch: AbortSignal,
): Promise<StoredStep> {
  const late = () =>
    new TerminalFailure({
      code: 'step-deadline',
      message: `The step took longer than ${limits.stepDeadlineMs / 1_000} s, the most that one execution may take.`,
    })
  const work = async (signal: AbortSignal): Promise<StoredStep> => {
    const context = new StepContext(hand, compiled, tools, signal)
    const entry = journalEntry(hand, compiled, tools, context)
    let config: Config | undefined
    try {
      config = await resolveSettings(compiled.settings, context)
      const outcome: Outcome = await compiled.type.run(config, context)
      return entry.left(outcome, outputOf(outcome, context, hand.outputBytesMax))
    } catch (thrown) {
      if (signal.aborted && signal.reason instanceof BrokenOff) throw signal.reason
      if (thrown instanceof ToldToWait) return entry.inLine(thrown)
      const failure = signal.aborted ? late() : thrown
      const policy = config && compiled.type.retry?.(config)
      if (failure instanceof RetryableFailure && policy) {
        const { clock } = tools
        const chance = { now: clock.now(), random: clock.random() }
        const at = nextAttemptAt(policy, entry.attemptsMade(), failure, chance)
        if (at !== undefined) return entry.waits(failure.failure, at)
      }
      return entry.failed(failureOf(failure))
    }
  }
  // What a pure step waits for has a limit of its own: the evaluation's.
  if (compiled.type.pure) return work(stretch)
  return within({ parent: stretch, ms: limits.stepDeadlineMs, reason: late }, work)
}

/** The ways in which an execution can end, as the journal keeps them. */
function journalEntry(
  hand: Hand,
  { node, type, connected }: CompiledNode,
  { clock }: Tools,
  context: StepContext,
) {
  const before = hand.journal.get(node.id)
  // A step that waits for another attempt keeps the time when it first began: the attempts since then are its own.
  const startedAt = before?.startedAt ?? clock.now()
  const nothing = { port: null, output: null, error: null, resumeAt: null }
  const base = () => {
    const last = before?.attempts.at(-1)?.n ?? 0
    const fresh = context.attempts.map((attempt, index) => ({ ...attempt, n: last + index + 1 }))
    const attempts = [...(before?.attempts ?? []), ...fresh]
    const { logs } = context
    return { id: node.id, nodeId: node.id, startedAt, endedAt: clock.now(), logs, attempts, ...nothing }
  }
  const attemptsMade = () => base().attempts.filter(({ at }) => at >= startedAt).length
  return {
    attemptsMade,
    left: (outcome: Outcome, output: StoredStep['output']): StoredStep =>
      'resumeAt' in outcome
        ? { ...base(), state: 'waiting', port: outcome.port, output, resumeAt: outcome.resumeAt.getTime() }
        : { ...base(), state: 'succeeded', port: outcome.port, output },
    waits: (error: Failure, resumeAt: number): StoredStep => ({
      ...base(),
      state: 'waiting',
      error,
      resumeAt,
    }),
    inLine: ({ inLine, resumeAt }: ToldToWait): StoredStep => ({
      ...base(),
      state: 'waiting',
      inLine,
      resumeAt,
    }),
    failed: (failure: Failure): StoredStep => {
      const port = type.failurePort
      if (port === undefined || !connected.has(port)) return { ...base(), state: 'failed', error: failure }
      const { response, ...error } = failure
      const attempts = attemptsMade()
      const data = { error, ...(attempts > 0 && { attempts }), ...(response !== undefined && { response }) }
      return {
        ...base(),
        state: 'succeeded',
        port,
        output: { kind: 'value', json: JSON.stringify(data) },
        error: failure,
      }
    },
  }
}

function outputOf({ data }: Outcome, context: StepContext, outputBytesMax: number): StoredStep['output'] {
  if (data === context.input) return { kind: 'same' }
  const { json } = context.messageOfOutput(data)
  const bytes = Buffer.byteLength(json)
  if (bytes > outputBytesMax) {
    throw new TerminalFailure({
      code: 'output-limit',
      message: `The output has ${bytes} bytes; at most ${outputBytesMax} are kept. Pass on only what the next nodes need.`,
    })
  }
  return { kind: 'value', json }
}

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof TerminalFailure || thrown instanceof RetryableFailure) return thrown.failure
  signal('engine.trouble', { where: 'node', message: describeUnknown(thrown) })
  return {
    code: 'node-bug',
    message: `The node stopped on a mistake of Hookloom's own: ${describeUnknown(thrown)}. Please report it.`,
  }
}
