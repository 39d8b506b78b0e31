import { describeUnknown } from '../../nodes/contract/failure.ts'
import { type RunId, type WorkerId, readId } from '../../nodes/contract/ids.ts'
import type { Job, Queue, Verdict, Worker as QueueWorker } from '../queue/queue.ts'
import { Conflict, type NewRun, type Run, type Storage, Unavailable } from '../storage/storage.ts'
import { BrokenOff } from './break.ts'
import type { Clock } from './clock.ts'
import { newRunOf } from './enqueue.ts'
import { type Ending, execute } from './execute.ts'
import { type Grip, gripOn, gripToCome } from './grip.ts'
import type { Hand, Tools } from './hand.ts'
import { limits } from './limits.ts'
import { type Holding, Room } from './room.ts'
import { signal } from './signals.ts'
import { Strays } from './strays.ts'
import { troubled } from './trouble.ts'
import { Watch, beatMs } from './watch.ts'

export interface WorkerOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly tools: Tools
  /** Brings together all that a claimed run needs; `undefined` when its event or graph is gone. */
  readonly load: (run: Run) => Promise<Hand | undefined>
  /** The same for a run that came through the door of this process a moment ago, and nobody has claimed; else `undefined`. */
  readonly loadFresh: (id: RunId) => Promise<Hand | undefined>
  /** The same for one that a process stored whose job says so, and that nobody took before. */
  readonly loadNew: (run: NewRun) => Promise<Hand | undefined>
  readonly concurrency: number
  /** Resolves when one more run may begin; until then, callers at the door go first. */
  readonly turn: () => Promise<void> | undefined
  /** Called with the ids of workers that died, so that their runs are put back into the queue. */
  readonly onDeath: (died: readonly WorkerId[]) => Promise<void>
}

/** So many runs are remembered that were cancelled while they were not in hand here. */
const cancelledMost = 10_000
/** A run that finds no room in memory is offered again within this time, to whoever has some. */
const elsewhereMs = 500

/** Takes runs from the queue, one pair of hands each, and tells the queue what became of them. */
export class Worker {
  readonly id: WorkerId
  readonly #options: WorkerOptions
  readonly #clock: Clock
  readonly #watch: Watch
  readonly #inHand = new Map<RunId, AbortController>()
  readonly #cancelled = new Set<RunId>()
  readonly #room = new Room()
  /** How many hands are at a run, or claim it: one, unless its job came twice. */
  readonly #hands = new Map<RunId, number>()
  readonly #strays: Strays
  #taking: QueueWorker | undefined
  #heart: NodeJS.Timeout | undefined
  #isStopping = false

  constructor(options: WorkerOptions) {
    this.#options = options
    this.#clock = options.tools.clock
    this.id = this.#clock.newId('wrk')
    this.#watch = new Watch(options.storage.workers, this.#clock)
    this.#strays = new Strays({ runs: options.storage.runs, queue: options.queue })
  }

  async start(): Promise<void> {
    await this.#beat()
    this.#heart = setInterval(() => void this.#beat(), beatMs)
    const { queue, concurrency } = this.#options
    // Half of the hands for one workflow at most: a slow target holds up its own runs first.
    const laneConcurrency = Math.max(1, Math.ceil(concurrency / 2))
    this.#taking = queue.work((job) => this.#handle(job), { concurrency, laneConcurrency })
  }

  /** Whether this worker is the one, of all that live, that does what only one has to. */
  leads(): boolean {
    return this.#watch.leader === this.id
  }

  /** Breaks a run in hand off, whose record says `cancelled`; one that comes later is not worked on before it is claimed. */
  cancel(id: RunId): void {
    const controller = this.#inHand.get(id)
    if (controller !== undefined) return controller.abort(new BrokenOff('cancel'))
    this.#cancelled.add(id)
    const [oldest] = this.#cancelled
    if (this.#cancelled.size > cancelledMost && oldest !== undefined) this.#cancelled.delete(oldest)
  }

  /**
   * Takes nothing more, lets what is in hand finish for `graceMs`, then breaks it off and gives it back.
   * Resolves when nothing is in hand.
   */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    this.#room.close()
    const breakOff = setTimeout(() => {
      for (const controller of this.#inHand.values()) controller.abort(new BrokenOff('stop'))
    }, graceMs)
    await this.#taking?.stop()
    clearTimeout(breakOff)
    clearInterval(this.#heart)
    await this.#options.storage.workers.remove(this.id).catch(() => undefined)
  }

  async #handle(job: Job): Promise<Verdict> {
    const id = readId('run', job.key)
    if (id === undefined) return { kind: 'dead', reason: 'the job does not name a run' }
    const { turn, loadFresh } = this.#options
    await turn()
    if (this.#isStopping) throw new BrokenOff('stop')
    using holding = await this.#room.enter(job.lane)
    if (holding === undefined)
      return { kind: 'again', at: this.#clock.now() + elsewhereMs * this.#clock.random() }
    const early = this.#cancelled.has(id) ? undefined : ((await loadFresh(id)) ?? (await this.#loadNew(job)))
    const isCancelled = this.#cancelled.delete(id)
    this.#hands.set(id, (this.#hands.get(id) ?? 0) + 1)
    try {
      return await this.#take(id, holding, isCancelled ? undefined : early)
    } catch (error) {
      if (error instanceof Unavailable) this.#strays.add(id)
      throw error
    } finally {
      const hands = (this.#hands.get(id) ?? 1) - 1
      if (hands > 0) this.#hands.set(id, hands)
      else this.#hands.delete(id)
    }
  }

  async #take(id: RunId, holding: Holding, early: Hand | undefined): Promise<Verdict> {
    const { runs } = this.#options.storage
    if (early !== undefined) {
      const { run } = early
      const ending = await this.#work(run, gripToCome(runs, run, this.id, this.#clock), holding, early)
      if (ending !== undefined) return told(run, ending)
      // Another process had it in hand since, and may have given it up: it is taken as it stands now.
    }
    const run = await runs.claim(id, this.id, this.#clock.now())
    if (run === undefined) return { kind: 'done' }
    const ending = await this.#work(run, gripOn(runs, run), holding)
    if (ending !== undefined) return told(run, ending)
    // Somebody else's now, unless it was a claim of this worker's whose answer came too late.
    this.#strays.add(id)
    return { kind: 'done' }
  }

  /** `undefined` where it has to be claimed first: a run that its worker may have died of, so that it is seen how often. */
  async #loadNew(job: Job): Promise<Hand | undefined> {
    const run = newRunOf(job)
    try {
      return run && (await this.#options.loadNew(run))
    } catch (error) {
      if (error instanceof Unavailable) throw error
      // Whatever it is stands in the run's record once it is claimed and loaded again.
      return undefined
    }
  }

  /** `undefined` when the run is no longer this worker's. */
  async #work(run: Run, grip: Grip, holding: Holding, early?: Hand): Promise<Ending | undefined> {
    const { tools, load } = this.#options
    const controller = new AbortController()
    this.#inHand.set(run.id, controller)
    const deadline = setTimeout(() => controller.abort(new BrokenOff('deadline')), limits.runDeadlineMs)
    const settle = async (change: Ending) => {
      await grip.record({ steps: [], change })
      return change
    }
    try {
      if (run.cancelRequested) return await settle({ state: 'cancelled', at: this.#clock.now() })
      if (run.interruptions >= limits.interruptionsMax)
        return await settle(interruptedTooOften(this.#clock.now()))
      const hand = early ?? (await load(run))
      if (hand === undefined) return await settle(gone(this.#clock.now()))
      holding.takes(hand.event.rawBody.length)
      signal('run.changed', { ...named(run), state: 'running', code: null, durationMs: null })
      return await execute(hand, { tools, grip, stretch: controller.signal })
    } catch (error) {
      // Somebody else holds the run now and goes on from what is recorded.
      if (error instanceof Conflict) return undefined
      if (error instanceof BrokenOff) await grip.release()
      if (error instanceof BrokenOff || error instanceof Unavailable) throw error
      // Nobody planned this: the run fails with what is known, instead of coming back for ever.
      const message = describeUnknown(error)
      signal('engine.trouble', { where: `run ${run.id}`, message })
      return await settle(broken(message, this.#clock.now()))
    } finally {
      clearTimeout(deadline)
      if (this.#inHand.get(run.id) === controller) this.#inHand.delete(run.id)
    }
  }

  async #beat(): Promise<void> {
    try {
      await this.#options.storage.workers.beat(this.id)
      const died = await this.#watch.look(this.id)
      if (died.length > 0) await this.#options.onDeath(died)
      await this.#strays.giveBack(this.id, (id) => this.#hands.has(id), this.#clock.monotonic())
    } catch (error) {
      troubled('heartbeat')(error)
    }
  }
}

const named = ({ workflowId, id, eventId, kind }: Run) => ({ workflowId, runId: id, eventId, kind })

/** Tells where the run went, and what becomes of its job. */
function told(run: Run, ending: Ending): Verdict {
  const durationMs = 'at' in ending ? ending.at - run.createdAt : null
  const code = 'error' in ending ? ending.error.code : null
  signal('run.changed', { ...named(run), state: ending.state, code, durationMs })
  return ending.state === 'waiting' ? { kind: 'again', at: ending.dueAt } : { kind: 'done' }
}

const interruptedTooOften = (at: number): Ending => ({
  state: 'failed',
  at,
  error: {
    code: 'interrupted-too-often',
    message:
      `The run was interrupted ${limits.interruptionsMax} times without finishing a step: it may be what brings its ` +
      'worker down. Look at the step that comes next, then resume the run.',
  },
})

const broken = (message: string, at: number): Ending => ({
  state: 'failed',
  at,
  error: {
    code: 'engine-bug',
    message: `The run stopped on a mistake of Hookloom's own: ${message}. Please report it; then resume the run.`,
  },
})

const gone = (at: number): Ending => ({
  state: 'failed',
  at,
  error: {
    code: 'data-missing',
    message: 'The event or the version of this run is no longer stored, so it cannot go on.',
  },
})
