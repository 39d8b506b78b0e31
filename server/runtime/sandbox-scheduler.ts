/** One table of decisions over one set of queues: parted, no half of it could be read alone. So it is long. */
import type { ReadResult } from '../sandbox/notice.ts'
import type { Evaluated } from './runtime.ts'
import type { Child, EndedNotice, KillReason, Shipment } from './sandbox-child.ts'
import { failures } from './sandbox-failures.ts'
import {
  type Cargo,
  type Job,
  type Rank,
  batchSize,
  fillsBatch,
  hadAllTime,
  isLong,
  isShared,
  longRanks,
  pack,
  sharedRanks,
  shortRanks,
} from './sandbox-job.ts'
import { type LaneEvents, Lanes } from './sandbox-lanes.ts'
import { Standing } from './sandbox-standing.ts'
import { Turns } from './sandbox-turns.ts'
import type { SandboxOptions } from './sandbox.ts'

/** A batch of trusted programs in a shared child: 1 ms on a free machine, a hundred times that in a cold isolate on a busy one. */
const sliceMs = 200
/** A new program while others wait: thirty hostile ones are found out within a second. */
const newSliceMs = 30
/** A first try alone, while others wait for theirs; else up to `firstTryMsMax`. */
const shortTryMs = 100
const firstTryMsMax = 1_000
/** For a child to end a batch by itself: little where others wait, more where its log would be lost. */
const sliceGraceMs = 60
const lastGraceMs = 200
const allRanks = [...sharedRanks, ...shortRanks, ...longRanks]
/** One for short tries, one for what is slow, one for what hit its limits: each exists only while it has work. */
const aloneChildren = 3
/** Batches that a shared child holds: the next one is there when one ends. */
const inHandMax = 2
/** Tries alone that ended for a reason unknown: a fault of the program in V8, a machine under load. */
const mishapsMax = 3
/** Tries alone whose process somebody else killed: an operator, or a system short of memory, for which it need not be to blame. */
const killsMax = 10
/** So long a batch may wait for the one before it, before another child takes it. */
const waitMsMax = 20

/** Decides who is evaluated where and next, and what becomes of those whose batch or process came to a bad end. */
export class Scheduler implements LaneEvents<Cargo> {
  readonly #turns = new Turns<Rank, Job>(allRanks)
  readonly #standing = new Standing()
  /** The child that last served a workflow has its isolates. */
  readonly #homes = new Map<string, Child<Cargo>>()
  readonly #lanes: Lanes<Cargo>
  #pumping = false
  #closed = false
  #lastId = 0

  constructor(options: Required<SandboxOptions>) {
    const most = { shared: Math.max(1, options.children), alone: aloneChildren }
    this.#lanes = new Lanes(most, options.idleMs, this)
  }

  get pids(): readonly number[] {
    return this.#lanes.pids
  }

  get closed(): boolean {
    return this.#closed
  }

  /** The job is settled in the end, whatever happens. */
  add(job: Job): void {
    this.#queue(job, this.#standing.of(job.program))
  }

  async close(): Promise<void> {
    this.#closed = true
    const inHand = this.#lanes.all.flatMap((child) => child.inHand.flatMap(({ cargo }) => cargo.jobs))
    for (const job of [...this.#turns.drain(), ...inHand]) {
      job.settle({ ok: false, error: failures.cancelled(), logs: [] })
    }
    await this.#lanes.close()
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
    this.#pumpAlone()
    this.#pumpShared()
    this.#lanes.watch()
  }

  #pumpShared(): void {
    for (;;) {
      let child: Child<Cargo> | undefined
      let isLate = false
      const next = this.#turns.next(sharedRanks, (jobs) => {
        isLate ||= hasWaited(jobs)
        child = this.#childFor(jobs)
        return child === undefined ? 0 : batchSize(jobs)
      })
      if (next === undefined || child === undefined) {
        const isWanted = this.#turns.has(sharedRanks)
        if (isLate || (isWanted && this.#lanes.in('shared').length === 0)) this.#lanes.grow('shared')
        return
      }
      const othersWait = this.#turns.has(sharedRanks)
      const patient = next.jobs.length === 1 && next.rank === 'new' && !othersWait
      const slicedMs = next.rank === 'new' && othersWait ? newSliceMs : sliceMs
      this.#give(child, { ...next, patient }, patient ? Infinity : slicedMs)
    }
  }

  #pumpAlone(): void {
    for (;;) {
      const alone = this.#lanes.in('alone')
      const child = alone.find(rests)
      const inHand = alone.flatMap(({ inHand }) => inHand.flatMap(({ cargo }) => cargo.jobs))
      let isWanted = false
      const next = this.#turns.next(this.#ranksAlone(alone), ([job]) => {
        if (job === undefined || inHand.some(({ program }) => program === job.program)) return 0
        isWanted = true
        return child || this.#isCleared(job) ? 1 : 0
      })
      if (next === undefined) {
        if (isWanted) this.#lanes.grow('alone')
        return
      }
      const { rank, jobs } = next
      const [job] = jobs
      if (job && this.#isCleared(job)) {
        this.#turns.push('good', job)
        continue
      }
      if (child === undefined) throw new Error('nothing is taken that nobody can be given')
      const timeMs = isLong(rank) ? Infinity : this.#turns.has(shortRanks) ? shortTryMs : firstTryMsMax
      this.#give(child, { ...next, patient: false }, timeMs)
    }
  }

  /** One child stays for short tries, and one more for what is slow but within its limits. */
  #ranksAlone(alone: readonly Child<Cargo>[]): readonly Rank[] {
    const long = alone.flatMap(({ inHand }) => inHand.map(({ cargo }) => cargo.rank)).filter(isLong)
    const most = this.#lanes.most.alone
    return allRanks.filter((rank) => {
      if (!isLong(rank)) return !isShared(rank)
      const guilty = long.filter((other) => other === 'guilty').length
      return long.length < most - 1 && (rank !== 'guilty' || guilty < most - 2)
    })
  }

  /** It waits because its program was doubted, which has turned out to be good since. */
  #isCleared({ isDoubted, program }: Job): boolean {
    return !isDoubted && this.#standing.of(program) === 'good'
  }

  /**
   * The shared child that may have a workflow's next batch now. What comes while the workflow's last one is evaluated
   * waits for its end, at most for a moment, and goes together: a batch of one costs a child five times what one more
   * in a batch does.
   */
  #childFor(jobs: readonly Job[]): Child<Cargo> | undefined {
    const home = this.#homes.get(jobs[0]?.workflowId ?? '')
    const free = this.#lanes.in('shared').filter((child) => hasRoom(child, jobs))
    if (home && free.includes(home)) return home
    if (home?.state === 'ready' && isEasy(home) && !hasWaited(jobs)) return undefined
    return free.toSorted((a, b) => a.inHand.length - b.inHand.length)[0]
  }

  #give(child: Child<Cargo>, cargo: Cargo, timeMs: number): void {
    const { jobs, patient } = cargo
    const timeoutMs = Math.min(timeMs, ...jobs.map(({ limits }) => limits.timeoutMs))
    const away = jobs.some(({ workflowId }) => this.#homes.get(workflowId) !== child)
    const fresh = child.lane === 'alone' || (patient && away)
    if (child.lane === 'shared') for (const { workflowId } of jobs) this.#homes.set(workflowId, child)
    this.#lastId += 1
    const graceMs = cargo.patient || child.lane === 'alone' ? lastGraceMs : sliceGraceMs
    child.give({ graceMs, ...pack(jobs, { id: this.#lastId, timeoutMs, fresh }), cargo })
  }

  // ── what children say ──────────────────────────────────────────────────────────────────────────────────────────────

  ready(): void {
    this.#soon()
  }

  ended(
    child: Child<Cargo>,
    { task, cargo }: Shipment<Cargo>,
    notice: EndedNotice,
    results: readonly ReadResult[],
  ): void {
    const { rank, jobs } = cargo
    const fast = child.workedMs() <= sliceMs
    results.forEach((result, index) => {
      const job = jobs[index]
      if (job === undefined) return
      this.#standing.set(job.program, fast || jobs.length > 1 ? 'good' : 'slow')
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
        this.#standing.set(culprit.program, 'guilty')
        culprit.settle({ ok: false, error: failures.stalled(culprit), logs })
        return this.#turns.pushFirst(rank, others)
      case 'failed':
        culprit.settle({
          ok: false,
          error: failures.own(culprit, notice.message ?? 'it failed without saying why'),
          logs,
        })
        return this.#turns.pushFirst(rank, others)
      case 'starved':
      case 'time':
        if (child.lane === 'alone' || hadAllTime(task, cargo))
          this.#blame(culprit, task.timeoutMs, notice.ending, logs)
        else this.#doubt([culprit], 'program')
        return this.#turns.pushFirst(rank, others)
      case 'memory':
        if (task.fresh) return this.#blame(culprit, task.timeoutMs, 'memory', logs)
        return this.#doubt(rest, rest.length === 1 ? 'program' : 'evaluation')
    }
  }

  gone(child: Child<Cargo>, shipments: readonly Shipment<Cargo>[], reason: KillReason | undefined): void {
    for (const [workflowId, home] of this.#homes) if (home === child) this.#homes.delete(workflowId)
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
    else this.#doubt(open, new Set(open.map(({ program }) => program)).size === 1 ? 'program' : 'evaluation')
    this.#soon()
  }

  /** To be tried again alone: the whole program, or only these evaluations when nobody knows which of them it was. */
  #doubt(jobs: readonly Job[], whom: 'program' | 'evaluation'): void {
    for (const job of jobs) {
      const rank = this.#standing.of(job.program) === 'good' ? 'doubted' : 'suspect'
      job.isDoubted = true
      if (whom === 'program') this.#standing.set(job.program, rank)
      this.#queue(job, rank)
    }
  }

  /** It was alone. A short try is followed by one with all its time, and one that says nothing of the program by another. */
  #blame(
    job: Job,
    triedMs: number,
    reason: KillReason | 'starved' | 'killed' | undefined,
    logs: Evaluated['logs'],
  ): void {
    if ((reason === 'time' || reason === 'starved') && triedMs < job.limits.timeoutMs) {
      this.#standing.set(job.program, 'slow')
      return this.#queue(job, 'slow')
    }
    if (reason === 'killed') {
      job.kills += 1
      if (job.kills < killsMax) return this.#queue(job, 'suspect')
    }
    if (reason === undefined || reason === 'starved') {
      job.mishaps += 1
      if (job.mishaps < mishapsMax) return this.#queue(job, reason === 'starved' ? 'slow' : 'suspect')
    }
    this.#standing.set(job.program, 'guilty')
    const error = reason === undefined || reason === 'closed' ? failures.crashed(job) : failures[reason](job)
    job.settle({ ok: false, error, logs })
  }

  /**
   * What nobody waits for any more does not keep a core busy. And who was given all its time because nobody waited goes on
   * alone when somebody does and no child is free.
   */
  watched(): void {
    for (const child of this.#lanes.all) if (worksForNobody(child)) child.kill('closed')
    if (this.#turns.has(allRanks)) this.#soon()
    const shared = this.#lanes.in('shared')
    if (!this.#turns.has(sharedRanks) || this.#lanes.mayGrow('shared') || shared.some(rests)) return
    const overdue = shared.find((child) => child.inHand[0]?.cargo.patient && child.workedMs() > sliceMs)
    overdue?.kill('time')
  }

  /** A sandbox that cannot start says so to everybody who waits, instead of keeping them waiting. */
  notStarted(reason: string): void {
    for (const job of this.#turns.drain()) {
      job.settle({ ok: false, error: failures.notStarted(reason), logs: [] })
    }
  }
}

/** A second batch is given only behind one that is known to end, and only if waiting for that would not make it larger. */
const hasRoom = (child: Child<Cargo>, jobs: readonly Job[]): boolean =>
  child.state === 'ready' &&
  child.inHand.length < inHandMax &&
  isEasy(child) &&
  (fillsBatch(jobs) || child.inHand.every(({ task }) => task.workflowId !== jobs[0]?.workflowId))

/** What it has in hand is known to end soon. */
const isEasy = ({ inHand }: Child<Cargo>): boolean => inHand.every(({ cargo }) => cargo.rank === 'good')

const rests = ({ state, inHand }: Child<Cargo>): boolean => state === 'ready' && inHand.length === 0

/** Whatever shares its time would have ended by now: only what is long is worth a process. */
const worksForNobody = (child: Child<Cargo>): boolean =>
  child.state === 'ready' &&
  child.workedMs() > sliceMs + sliceGraceMs &&
  child.inHand[0]?.cargo.jobs.every(({ settled }) => settled) === true

const hasWaited = ([first]: readonly Job[]): boolean =>
  first !== undefined && performance.now() - first.since > waitMsMax

/** V8 ends the process when it cannot have more memory, and says so: of the heap or of its last collections of garbage. */
const reasonOf = ({ stderr, killedFromOutside }: Child<Cargo>): 'memory' | 'killed' | undefined =>
  /out of memory|heap|last few GCs/i.test(stderr) ? 'memory' : killedFromOutside ? 'killed' : undefined

function evaluatedOf(result: ReadResult): Evaluated {
  const { logs } = result
  if (result.ok) return { ok: true, value: result.value, logs }
  return { ok: false, error: { code: result.code, message: result.message }, logs }
}
