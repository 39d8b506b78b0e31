import type { Batch, Item, Task } from '../sandbox/protocol.ts'
import type { Evaluated, Evaluation } from './runtime.ts'

/**
 * How a program stands, and so where its evaluations wait.
 *
 *   new ──ok──► good             run in shared children, in batches, for a slice of time
 *    │ ▲           │
 *    │ └──ok fast──┼──────────┐
 *    ▼             ▼          │
 *  suspect      doubted ──────┤  too slow or in bad company: tried again alone, within a short time while others wait
 *    │             │          │
 *    ▼             ▼          │
 *  slow ◄───────ok slowly─────┤  long, but within its limits: alone, with all the time it may take
 *  guilty ────────────────────┘  hit a limit alone
 */
export type Rank = 'good' | 'new' | 'doubted' | 'suspect' | 'slow' | 'guilty'

export const sharedRanks = ['good', 'new'] as const satisfies readonly Rank[]
export const shortRanks = ['doubted', 'suspect'] as const satisfies readonly Rank[]
export const longRanks = ['slow', 'guilty'] as const satisfies readonly Rank[]

/** One evaluation on its way. */
export interface Job extends Evaluation {
  readonly check: boolean
  /** Names workflow, kind and source. */
  readonly program: string
  readonly settled: boolean
  readonly settle: (evaluated: Evaluated) => void
  /** Since when it waits, by the monotonic clock. */
  readonly since: number
  /** How often it was alone in a child that died for an unknown reason, or had no time on a busy machine. */
  mishaps: number
  /** How often somebody else killed the child that it was alone in. */
  kills: number
  /** It was itself in hand when something went wrong, not only its program. */
  isDoubted: boolean
}

/** What goes along with a shipment and comes back with its answer. */
export interface Cargo {
  readonly rank: Rank
  readonly jobs: readonly Job[]
  /** A single new program that has all its time as long as nobody waits. */
  readonly patient: boolean
}

export const isShared = (rank: Rank): boolean => sharedRanks.some((shared) => shared === rank)
export const isLong = (rank: Rank): boolean => longRanks.some((long) => long === rank)

/** It was the only one and its limit has passed: there is nothing to find out by trying again. */
export const hadAllTime = ({ timeoutMs }: Task, { jobs }: Cargo): boolean =>
  jobs.length === 1 && jobs.every(({ limits }) => limits.timeoutMs <= timeoutMs)

/** A batch never holds more. Half of 32 in flight: the next batch is on its way while this one is evaluated. */
const batchJobsMax = 16
const batchLengthMax = 256 * 1_024

/** How many jobs, from the first, fit into one batch: of one kind and one memory limit; scripts go one by one. */
export function batchSize(jobs: readonly Job[]): number {
  const [first] = jobs
  if (first === undefined || first.kind === 'script') return Math.min(jobs.length, 1)
  let length = 0
  const end = jobs.findIndex((job, index) => {
    length += lengthOf(job)
    const fits = index < batchJobsMax && (index === 0 || length <= batchLengthMax)
    return !fits || job.kind === 'script' || job.limits.memoryMb !== first.limits.memoryMb
  })
  return end < 0 ? jobs.length : end
}

/** Whether waiting could not make the next batch any larger. */
export const fillsBatch = (jobs: readonly Job[]): boolean =>
  jobs.length >= batchJobsMax || jobs[0]?.kind === 'script' || batchSize(jobs) < jobs.length

const lengthOf = ({ source, message, bindings: { event, steps, run, workflow } }: Job): number =>
  source.length +
  message.length +
  (event?.length ?? 0) +
  (steps?.length ?? 0) +
  (run?.length ?? 0) +
  (workflow?.length ?? 0)

/** The batch as it is sent. `timeoutMs` is for all of it. */
export function pack(
  jobs: readonly Job[],
  { id, timeoutMs, fresh }: { readonly id: number; readonly timeoutMs: number; readonly fresh: boolean },
): { readonly task: Task; readonly body: string; readonly items: number } {
  const programs: Batch['programs'][number][] = []
  const indexes = new Map<string, number>()
  let texts = ''
  const add = (text: string | undefined): number => {
    if (text === undefined) return -1
    texts += text
    return text.length
  }
  const items = jobs.map(({ program, kind, source, check, limits, message, bindings }): Item => {
    const index = indexes.get(program) ?? programs.push({ kind, source }) - 1
    indexes.set(program, index)
    const { outputBytesMax, logBytesMax } = limits
    const { event, steps, run, workflow } = bindings
    const lengths = [add(message), add(event), add(steps), add(run), add(workflow)] as const
    return { program: index, check, outputBytesMax, logBytesMax, texts: lengths }
  })
  const batch: Batch = { programs, items, yieldMs: Math.floor(timeoutMs / 2) }
  const [first] = jobs
  const task: Task = {
    id,
    kind: first?.kind === 'script' ? 'script' : 'expressions',
    workflowId: first?.workflowId ?? '',
    memoryMb: Math.max(isolateMemoryMbMin, first?.limits.memoryMb ?? 0),
    timeoutMs,
    fresh,
  }
  return { task, body: `${JSON.stringify(batch)}\n${texts}`, items: items.length }
}

/** V8 does not start with less, and jsonata needs some of it. */
const isolateMemoryMbMin = 16
