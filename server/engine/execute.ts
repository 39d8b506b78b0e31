import type { Progress, StoredStep } from '../storage/storage.ts'
import { BrokenOff } from './break.ts'
import type { Grip } from './grip.ts'
import type { Hand, Tools } from './hand.ts'
import { limits } from './limits.ts'
import { type Plan, plan } from './plan.ts'
import { signal } from './signals.ts'
import { executeStep } from './step.ts'

/** How a stretch of work on a run ended. */
export type Ending = NonNullable<Progress['change']>

export interface ExecuteOptions {
  readonly tools: Tools
  readonly grip: Pick<Grip, 'record'>
  /** Breaks the stretch off; its reason is a `BrokenOff`. */
  readonly stretch: AbortSignal
}

/**
 * Walks a run from where its journal stands until it settles or waits, and records all on the way.
 *
 * Branches run at the same time. Steps that send nothing are recorded together, but always before anything is sent: what a
 * request was made from must not come out differently after a crash. What was sent is recorded at once.
 * Throws `BrokenOff` when the worker stops: what is recorded stands, the rest is done again by who holds the run next.
 */
export async function execute(hand: Hand, { tools, grip, stretch }: ExecuteOptions): Promise<Ending> {
  const { clock } = tools
  const journal = recorder(hand, grip)
  const inHand = new Map<string, Promise<StoredStep>>()
  // What cannot be recorded must not be sent: a write that fails breaks the other branches off.
  const branches = new AbortController()
  const follow = () => branches.abort(stretch.reason)
  stretch.addEventListener('abort', follow, { once: true })
  try {
    for (;;) {
      if (stretch.aborted) throw stretch.reason
      leavePauses(hand, journal, clock.now())
      const next = plan(hand.graph, hand.journal, clock.now())
      const fresh = next.kind === 'ready' ? next.nodes.filter(({ node }) => !inHand.has(node.id)) : []
      if (fresh.some(({ type }) => !type.pure)) await journal.record()
      for (const compiled of fresh)
        inHand.set(compiled.node.id, executeStep(hand, compiled, tools, branches.signal))
      if (inHand.size === 0) return await journal.end(endingOf(next, hand, clock.now()))

      const [only] = inHand.values()
      const step = await (only && inHand.size === 1 ? only : Promise.race(inHand.values()))
      inHand.delete(step.id)
      journal.add(step)
      const sent = hand.graph.byId.get(step.nodeId)?.type.pure === false
      const goesOn = () => inHand.size > 0 || plan(hand.graph, hand.journal, clock.now()).kind === 'ready'
      if (sent && goesOn()) await journal.record()
    }
  } catch (error) {
    if (!(error instanceof BrokenOff)) {
      branches.abort(new BrokenOff('stop'))
      throw error
    }
    // What the other branches have sent by now is worth keeping.
    for (const ended of await Promise.allSettled(inHand.values())) {
      if (ended.status === 'fulfilled') journal.add(ended.value)
    }
    inHand.clear()
    if (error.why === 'cancel') return await journal.end({ state: 'cancelled', at: clock.now() })
    if (error.why === 'deadline') return await journal.end(runDeadline(clock.now()))
    await journal.record()
    throw error
  } finally {
    stretch.removeEventListener('abort', follow)
    await Promise.allSettled(inHand.values())
  }
}

/** Keeps what was learnt until it is written: all of it in one write. */
function recorder(hand: Hand, grip: ExecuteOptions['grip']) {
  const { id, workflowId } = hand.run
  const attemptsRecorded = new Map(
    Array.from(hand.journal.values(), (step) => [step.id, step.attempts.length]),
  )
  let unrecorded: StoredStep[] = []
  const write = async (change?: Ending) => {
    const steps = unrecorded
    unrecorded = []
    if (steps.length === 0 && change === undefined) return
    const fresh = steps.map((step) => ({
      ...step,
      attempts: step.attempts.slice(attemptsRecorded.get(step.id) ?? 0),
    }))
    await grip.record({ steps: fresh, ...(change && { change }) })
    for (const step of steps) {
      attemptsRecorded.set(step.id, step.attempts.length)
      const { state, port, nodeId } = step
      const nodeType = hand.graph.byId.get(nodeId)?.type.id ?? ''
      const durationMs = step.endedAt - step.startedAt
      const code = step.error?.code ?? null
      signal('step.recorded', {
        workflowId,
        runId: id,
        stepId: step.id,
        nodeType,
        state,
        port,
        code,
        durationMs,
      })
    }
  }
  return {
    add(step: StoredStep) {
      hand.journal.set(step.id, step)
      unrecorded.push(step)
    },
    record: () => write(),
    end: async (change: Ending): Promise<Ending> => {
      await write(change)
      return change
    },
  }
}

/** Steps that waited to leave by their port, and may now. */
function leavePauses(hand: Hand, journal: { add(step: StoredStep): void }, now: number): void {
  for (const step of hand.journal.values()) {
    if (step.state === 'waiting' && step.port !== null && (step.resumeAt ?? 0) <= now)
      journal.add({ ...step, state: 'succeeded' })
  }
}

const runDeadline = (at: number): Ending => ({
  state: 'failed',
  at,
  error: {
    code: 'run-deadline',
    message: `The run worked for more than ${limits.runDeadlineMs / 60_000} minutes. Resume it, or split the workflow.`,
  },
})

function endingOf(settled: Plan, hand: Hand, at: number): Ending {
  if (settled.kind === 'waiting') return { state: 'waiting', dueAt: settled.until }
  if (settled.kind === 'ready') throw new Error('a ready step was left behind')
  if (settled.as !== 'failed') return { state: settled.as, at }
  const { nodeId } = settled
  const error = hand.journal.get(nodeId)?.error ?? {
    code: 'node-bug',
    message: 'The step failed without a reason.',
  }
  return { state: 'failed', at, error: { code: error.code, message: error.message, nodeId } }
}
