/**
 * The parent's side of the sandbox: who is evaluated where, and what becomes of those whose process died.
 *
 * Shared children take batches of programs that are new or known to be good, one batch at a time and each for a slice of
 * time only. What does not end within it, or was in hand when its child died, is tried again alone in a child of the other
 * lane, where it has its own limits to itself and where it alone is to blame. `Rank` draws how programs pass between them.
 */
import type { Task } from '../sandbox/protocol.ts'
import type { Evaluated, Evaluation, Sandbox } from './runtime.ts'
import { Child, type ChildEvents, type KillReason, type Shipment } from './sandbox-child.ts'
import { failures } from './sandbox-failures.ts'
import {
  type Cargo,
  type Job,
  type Rank,
  batchSize,
  longRanks,
  pack,
  sharedRanks,
  shortRanks,
} from './sandbox-job.ts'
import { type ReadResult, readResults } from './sandbox-notice.ts'
import { Standing, programName } from './sandbox-standing.ts'
import { Turns } from './sandbox-turns.ts'

export interface SandboxOptions {
  /** Shared children at most: the first is started at once, the others under load. Default 2. */
  readonly children?: number
  /** A child beyond the first ends after so long without work. Default 30 s. */
  readonly idleMs?: number
}

/** What the sandbox looks like from outside, for metrics and tests. */
export interface SandboxView {
  /** Process ids of the living children; the first is the one that stays. */
  readonly pids: readonly number[]
}

/** Opens a sandbox and starts its first child, which is ready some 100 ms later; evaluations that come before it wait. */
export function openSandbox(options: SandboxOptions = {}): Sandbox & SandboxView {
  return new Children(options)
}

/** A batch of trusted programs in a shared child; every innocent evaluation that was measured ends in a tenth of it. */
const sliceMs = 100
/** While many new programs wait, they share about this long, so that the last of them begins within a second. */
const newProgramsMs = 800
const newSliceMsMin = 20
/** A first try alone, while others wait for theirs; else up to `firstTryMsMax`. */
const shortTryMs = 250
const firstTryMsMax = 1_000
const watchEveryMs = 20
/** Batches that a shared child holds: the next one is there when one ends. */
const inHandMax = 2
const crashesMax = 2
const failedStartsMax = 3
const restartPauseMs = 1_000
const checkLimits = { timeoutMs: 1_000, memoryMb: 64, outputBytesMax: 1_024, logBytesMax: 1_024 }

class Children implements Sandbox, SandboxView, ChildEvents<Cargo> {
  readonly #turns = new Turns<Rank, Job>([...sharedRanks, ...shortRanks, ...longRanks])
  readonly #standing = new Standing()
  readonly #children: Child<Cargo>[] = []
  /** The child that last served a workflow has its isolates. */
  readonly #homes = new Map<string, Child<Cargo>>()
  readonly #sharedMax: number
  readonly #aloneMax: number
  readonly #idleMs: number
  #watch: NodeJS.Timeout | undefined
  #pumping = false
  #closed = false
  #lastId = 0
  #failedStarts = 0

  constructor({ children = 2, idleMs = 30_000 }: SandboxOptions) {
    this.#sharedMax = Math.max(1, children)
    this.#aloneMax = Math.max(2, children)
    this.#idleMs = idleMs
    this.#start('shared')
  }

  get pids(): readonly number[] {
    return this.#children.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))
  }

  evaluate(evaluation: Evaluation): Promise<Evaluated> {
    return this.#add(evaluation, false)
  }

  async check({ kind, source }: Pick<Evaluation, 'kind' | 'source'>): Promise<string | undefined> {
    const program = { workflowId: '', kind, source, message: 'null', bindings: {}, limits: checkLimits }
    const checked = await this.#add(program, true)
    return checked.ok ? undefined : checked.error.message
  }

  async close(): Promise<void> {
    this.#closed = true
    clearInterval(this.#watch)
    const waiting = [
      ...this.#turns.drain(),
      ...this.#children.flatMap(({ inHand }) => inHand.flatMap(({ cargo }) => cargo.jobs)),
    ]
    for (const job of waiting) job.settle({ ok: false, error: failures.cancelled(), logs: [] })
    const gone = this.#children.map(
      (child) => new Promise<void>((resolve) => this.#farewells.set(child, resolve)),
    )
    for (const child of this.#children) child.kill('closed')
    await Promise.all(gone)
  }
  readonly #farewells = new Map<Child<Cargo>, () => void>()

  #add(evaluation: Evaluation, check: boolean): Promise<Evaluated> {
    const { signal } = evaluation
    return new Promise((resolve) => {
      let settled = false
      const settle = (evaluated: Evaluated) => {
        if (settled) return
        settled = true
        signal?.removeEventListener('abort', cancel)
        resolve(evaluated)
      }
      const cancel = () => settle({ ok: false, error: failures.cancelled(), logs: [] })
      if (this.#closed || signal?.aborted) return cancel()
      signal?.addEventListener('abort', cancel)
      const program = programName(evaluation.workflowId, evaluation.kind, evaluation.source)
      const job = Object.defineProperty(
        { ...evaluation, check, program, settle, crashes: 0, settled },
        'settled',
        {
          get: () => settled,
        },
      )
      this.#queue(job, this.#standing.of(program))
    })
  }

  #queue(job: Job, rank: Rank): void {
    this.#turns.push(rank, job)
    this.#soon()
  }

  /** After what this tick brings: evaluations of the same tick go together. */
  #soon(): void {
    if (this.#pumping) return
    this.#pumping = true
    setImmediate(() => {
      this.#pumping = false
      if (!this.#closed) this.#pump()
    })
  }

  #pump(): void {
    while (this.#turns.has(sharedRanks)) {
      const free = this.#inLane('shared').filter(hasRoom)
      if (free.length === 0) {
        this.#startAnother('shared', this.#sharedMax)
        break
      }
      const waiting = this.#turns.waiting('new')
      const next = this.#turns.next(sharedRanks, batchSize)
      if (next === undefined) break
      const child = this.#choose(free, next.jobs)
      const patient = next.jobs.length === 1 && next.rank === 'new' && !this.#turns.has(sharedRanks)
      const sliced =
        next.rank === 'good' ? sliceMs : Math.max(newSliceMsMin, Math.min(sliceMs, newProgramsMs / waiting))
      this.#give(child, { ...next, patient }, patient ? Infinity : Math.floor(sliced))
    }
    for (;;) {
      const alone = this.#inLane('alone')
      const long = alone.filter(({ inHand }) => inHand.some(({ cargo }) => isLong(cargo.rank))).length
      const ranks = long < this.#aloneMax - 1 ? [...shortRanks, ...longRanks] : shortRanks
      if (!this.#turns.has(ranks)) break
      const child = alone.find(({ state, inHand }) => state === 'ready' && inHand.length === 0)
      if (child === undefined) {
        this.#startAnother('alone', this.#aloneMax)
        break
      }
      const next = this.#turns.next(ranks, (jobs) => Math.min(1, jobs.length))
      if (next === undefined) break
      const timeMs = isLong(next.rank) ? Infinity : this.#turns.has(shortRanks) ? shortTryMs : firstTryMsMax
      this.#give(child, { ...next, patient: false }, timeMs)
    }
    this.#watchWhileBusy()
  }

  #choose(free: readonly Child<Cargo>[], [job]: readonly Job[]): Child<Cargo> {
    const home = this.#homes.get(job?.workflowId ?? '')
    const [emptiest] = free.toSorted((a, b) => a.inHand.length - b.inHand.length)
    if (home && free.includes(home) && home.inHand.length <= (emptiest?.inHand.length ?? 0)) return home
    if (emptiest === undefined) throw new Error('a child is chosen from those that have room')
    return emptiest
  }

  #give(child: Child<Cargo>, cargo: Cargo, timeMs: number): void {
    const { jobs, patient } = cargo
    const timeoutMs = Math.min(timeMs, ...jobs.map(({ limits }) => limits.timeoutMs))
    const away = jobs.some(({ workflowId }) => this.#homes.get(workflowId) !== child)
    const fresh = child.lane === 'alone' || (patient && away)
    if (child.lane === 'shared') for (const { workflowId } of jobs) this.#homes.set(workflowId, child)
    this.#lastId += 1
    child.give({ ...pack(jobs, { id: this.#lastId, timeoutMs, fresh }), cargo })
  }

  // ── what children say ──────────────────────────────────────────────────────────────────────────────────────────────

  ready(): void {
    this.#failedStarts = 0
    this.#soon()
  }

  ended(child: Child<Cargo>, { task, cargo }: Shipment<Cargo>, notice: EndedNotice, body: string): void {
    const { rank, jobs } = cargo
    const results = readResults(body, jobs.length)
    const fast = child.elapsedMs() <= sliceMs
    results.forEach((result, index) => {
      const job = jobs[index]
      if (job === undefined) return
      this.#standing.set(job.program, child.lane === 'shared' || fast ? 'good' : 'slow')
      job.settle(evaluatedOf(result))
    })
    const rest = jobs.slice(results.length)
    const [culprit, ...others] = rest
    this.#soon()
    if (culprit === undefined) return
    const logs = notice.logs ?? []
    switch (notice.ending) {
      case 'done':
        return this.#turns.pushFirst(rank, rest)
      case 'stalled':
        culprit.settle({ ok: false, error: failures.stalled(culprit), logs })
        return this.#turns.pushFirst(rank, others)
      case 'failed':
        culprit.settle({
          ok: false,
          error: failures.own(culprit, notice.message ?? 'it failed without saying why'),
          logs,
        })
        return this.#turns.pushFirst(rank, others)
      case 'time':
        if (child.lane === 'alone' || hadAllTime(task, cargo))
          this.#blame(culprit, task.timeoutMs, 'time', logs)
        else this.#doubt([culprit], 'program')
        return this.#turns.pushFirst(rank, others)
      case 'memory':
        if (task.fresh) return this.#blame(culprit, task.timeoutMs, 'memory', logs)
        return this.#doubt(rest, rest.length === 1 ? 'program' : 'evaluation')
    }
  }

  gone(child: Child<Cargo>, shipments: readonly Shipment<Cargo>[], reason: KillReason | undefined): void {
    this.#children.splice(this.#children.indexOf(child), 1)
    for (const [workflowId, home] of this.#homes) if (home === child) this.#homes.delete(workflowId)
    this.#farewells.get(child)?.()
    if (this.#closed) return
    const [head, ...behind] = shipments
    for (const { cargo } of behind.toReversed()) this.#turns.pushFirst(cargo.rank, cargo.jobs)
    const open = head?.cargo.jobs.filter(({ settled }) => !settled) ?? []
    const why = reason ?? reasonOf(child)
    const atFault =
      child.lane === 'alone' ||
      (why === 'memory' && head?.task.fresh) ||
      (why === 'time' && head && child.overran && hadAllTime(head.task, head.cargo))
    if (atFault) for (const job of open) this.#blame(job, head?.task.timeoutMs ?? 0, why, [])
    else this.#doubt(open, open.length === 1 ? 'program' : 'evaluation')
    if (child.wasReady) this.#failedStarts = 0
    else if (reason !== 'closed') this.#startFailed(child)
    this.#keepOne()
    this.#soon()
  }

  /** To be tried again alone: the whole program, or only these evaluations when nobody knows which of them it was. */
  #doubt(jobs: readonly Job[], whom: 'program' | 'evaluation'): void {
    for (const job of jobs) {
      const rank = this.#standing.of(job.program) === 'good' ? 'doubted' : 'suspect'
      if (whom === 'program') this.#standing.set(job.program, rank)
      this.#queue(job, rank)
    }
  }

  /** It was alone. A short try is followed by one with all its time, and an unknown end of its process by another. */
  #blame(job: Job, triedMs: number, reason: KillReason | undefined, logs: Evaluated['logs']): void {
    if (reason === 'time' && triedMs < job.limits.timeoutMs) {
      this.#standing.set(job.program, 'slow')
      return this.#queue(job, 'slow')
    }
    if (reason === undefined) {
      job.crashes += 1
      if (job.crashes < crashesMax) return this.#queue(job, 'suspect')
    }
    this.#standing.set(job.program, 'guilty')
    const limit = reason === 'time' || reason === 'memory' ? reason : 'crashed'
    job.settle({ ok: false, error: failures[limit](job), logs })
  }

  // ── how many there are ─────────────────────────────────────────────────────────────────────────────────────────────

  #inLane(lane: Child<Cargo>['lane']): readonly Child<Cargo>[] {
    return this.#children.filter((child) => child.lane === lane && child.state !== 'dead')
  }

  #start(lane: Child<Cargo>['lane']): void {
    this.#children.push(new Child<Cargo>(lane, this))
    this.#watchWhileBusy()
  }

  /** One at a time: the next is started when it is ready and work still waits. */
  #startAnother(lane: Child<Cargo>['lane'], most: number): void {
    if (this.#closed) return
    const there = this.#inLane(lane)
    if (there.length < most && there.every(({ state }) => state === 'ready')) this.#start(lane)
  }

  /** At once, or after a pause when the last one did not start. */
  #keepOne(): void {
    if (this.#inLane('shared').length > 0 || this.#closed) return
    if (this.#failedStarts === 0) this.#start('shared')
    else setTimeout(() => this.#startAnother('shared', 1), restartPauseMs).unref()
  }

  /** A sandbox that cannot start says so to everybody who waits, instead of keeping them waiting. */
  #startFailed({ stderr }: Child<Cargo>): void {
    this.#failedStarts += 1
    if (this.#failedStarts < failedStartsMax) return
    const lines = stderr.trim().split('\n')
    const said = lines.find((line) => /^\w*Error\b|ENOENT/.test(line)) ?? lines.at(-1) ?? ''
    for (const job of this.#turns.drain()) {
      job.settle({ ok: false, error: failures.notStarted(said || 'nothing'), logs: [] })
    }
  }

  #watchWhileBusy(): void {
    this.#watch ??= setInterval(() => {
      for (const child of this.#children) child.watch()
      this.#losePatience()
      const busy = this.#children.some(({ state, inHand }) => state !== 'ready' || inHand.length > 0)
      if (busy) return
      clearInterval(this.#watch)
      this.#watch = undefined
      if (this.#children.length > 1) setTimeout(() => this.#endIdle(), this.#idleMs).unref()
    }, watchEveryMs)
  }

  /** Who was given all its time because nobody waited goes on alone when somebody does and no child is free. */
  #losePatience(): void {
    const shared = this.#inLane('shared')
    if (!this.#turns.has(sharedRanks) || shared.length < this.#sharedMax || shared.some(hasRoom)) return
    const overdue = shared.find((child) => child.inHand[0]?.cargo.patient && child.elapsedMs() > sliceMs)
    overdue?.kill('time')
  }

  #endIdle(): void {
    const [first] = this.#inLane('shared')
    for (const child of this.#children) {
      const idle =
        child.state === 'ready' && child.inHand.length === 0 && Date.now() - child.idleSince >= this.#idleMs
      if (idle && child !== first) child.kill('closed')
    }
  }
}

type EndedNotice = Parameters<ChildEvents<Cargo>['ended']>[2]

const isLong = (rank: Rank): boolean => longRanks.some((long) => long === rank)

/** It was the only one and its limit has passed: there is nothing to find out by trying again. */
const hadAllTime = ({ timeoutMs }: Task, { jobs }: Cargo): boolean =>
  jobs.length === 1 && jobs.every(({ limits }) => limits.timeoutMs <= timeoutMs)

/** A second batch is given only behind one that is known to end. */
const hasRoom = ({ state, inHand }: Child<Cargo>): boolean =>
  state === 'ready' && inHand.length < inHandMax && inHand.every(({ cargo }) => cargo.rank === 'good')

/** V8 ends the process when it cannot have more memory, and says so. */
const reasonOf = ({ stderr }: Child<Cargo>): KillReason | undefined =>
  /out of memory|heap/i.test(stderr) ? 'memory' : undefined

function evaluatedOf(result: ReadResult): Evaluated {
  const { logs } = result
  if (result.ok) return { ok: true, value: result.value, logs }
  return { ok: false, error: { code: result.code, message: result.message }, logs }
}
