import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { Duplex } from 'node:stream'
import { type ReadResult, readNotice, readResults } from '../sandbox/notice.ts'
import { type Notice, type Task, encodeFrame, frameReader } from '../sandbox/protocol.ts'
import { childArguments, childProgram } from './sandbox-program.ts'

/** What a child is given: a task, its body, and whatever the giver wants back with the answer. */
export interface Shipment<Cargo> {
  readonly task: Task
  readonly body: string
  /** Over the isolate's own timeout, which ends most batches without ending the process. */
  readonly graceMs: number
  /** How many evaluations the body holds. */
  readonly items: number
  readonly cargo: Cargo
}

export type EndedNotice = Extract<Notice, { notice: 'ended' }>

/** Why a child was ended from here; undefined = it ended by itself or by somebody else. */
export type KillReason = 'time' | 'memory' | 'closed'

export interface ChildEvents<Cargo> {
  ready(child: Child<Cargo>): void
  ended(
    child: Child<Cargo>,
    shipment: Shipment<Cargo>,
    notice: EndedNotice,
    results: readonly ReadResult[],
  ): void
  /** `shipments` were in hand, the first of them being worked on. */
  gone(child: Child<Cargo>, shipments: readonly Shipment<Cargo>[], reason: KillReason | undefined): void
}

/** A loaded machine may take seconds to start a process or to make an isolate. */
const startMsMax = 10_000
/** What a batch may need beside the memory of its programs: garbage of the young generation, text on its way. */
const memorySlackMb = 64
const stderrKept = 4_096

/** One sandbox process, seen from the server: gives it work, watches its clock and its memory, kills it. */
export class Child<Cargo> {
  readonly lane: 'shared' | 'alone'
  state: 'starting' | 'ready' | 'dead' = 'starting'
  /** Killed because its batch went on behind its own time. */
  overran = false
  /** Whether it ever was. */
  wasReady = false
  idleSince = Date.now()
  stderr = ''
  /** Null while it runs, and when a signal ended it. */
  exitCode: number | null = null
  /** By an operator or by the system; not from here. */
  killedFromOutside = false
  readonly #process: ChildProcess
  readonly #pipe: Duplex
  readonly #inHand: Shipment<Cargo>[] = []
  #since = Date.now()
  #started = false
  /** At the last look its time was over. */
  #isOverdue = false
  #isGone = false
  #restingMb: number | undefined
  #reason: KillReason | undefined

  constructor(lane: 'shared' | 'alone', events: ChildEvents<Cargo>) {
    this.lane = lane
    this.#process = spawn(process.execPath, childArguments(), {
      cwd: '/',
      env: {},
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const [stdin, , stderr, pipe] = this.#process.stdio
    if (!(pipe instanceof Duplex) || !stdin || !stderr)
      throw new Error('the sandbox process was started without its pipes')
    this.#pipe = pipe
    // A child that dies while it is written to is noticed by its exit, which always comes.
    stdin.on('error', () => undefined)
    pipe.on('error', () => undefined)
    childProgram().then(
      (program) => 'end' in stdin && stdin.end(program),
      (error: unknown) => {
        this.stderr += String(error)
        this.kill()
      },
    )
    stderr.on('data', (chunk: Buffer) => {
      this.stderr = (this.stderr + chunk.toString()).slice(-stderrKept)
    })
    const read = frameReader((header, body) => this.#heard(readNotice(header), body, events))
    pipe.on('data', (chunk: Buffer) => {
      try {
        read(chunk)
      } catch (error) {
        this.stderr += `The process said what cannot be understood: ${String(error)}`
        this.kill()
      }
    })
    this.#process.on('error', (error) => {
      this.stderr = error.message
      if (this.#process.pid === undefined) this.#gone(events)
    })
    this.#process.on('close', (code, signal) => {
      this.exitCode = code
      this.killedFromOutside = signal === 'SIGKILL' && !this.#process.killed
      this.#gone(events)
    })
    this.#yieldToOthers()
  }

  get pid(): number | undefined {
    return this.#process.pid
  }

  get inHand(): readonly Shipment<Cargo>[] {
    return this.#inHand
  }

  give(shipment: Shipment<Cargo>): void {
    if (this.#inHand.push(shipment) === 1) this.#turn()
    this.#pipe.write(encodeFrame(shipment.task, shipment.body))
  }

  /** How long the batch at hand has been evaluated; 0 as long as the child has not said that it takes a while. */
  workedMs(): number {
    return this.#started ? Date.now() - this.#since : 0
  }

  /** Kills the process when its batch has passed its time or its memory. To be called every few milliseconds. */
  watch(): void {
    const [head] = this.#inHand
    if (this.state === 'dead' || (this.state === 'ready' && head === undefined)) return
    const limitMs = head && this.#started ? head.task.timeoutMs + head.graceMs : startMsMax
    // Twice: a server that was held up itself may not have read yet that the batch has ended.
    const wasOverdue = this.#isOverdue
    this.#isOverdue = Date.now() - this.#since > limitMs
    if (this.#isOverdue && wasOverdue) {
      this.overran = this.#started
      return this.kill('time')
    }
    if (head === undefined || !this.#started) return
    const residentMb = this.residentMb()
    this.#restingMb ??= residentMb
    if (residentMb > this.#restingMb + head.task.memoryMb + memorySlackMb) this.kill('memory')
  }

  /** On Linux only; elsewhere 0, and the limits of the isolates stand alone. */
  residentMb(): number {
    if (process.platform !== 'linux') return 0
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'latin1')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024
    } catch {
      // It has just ended; its exit will say so.
      return 0
    }
  }

  kill(reason?: KillReason): void {
    this.#reason ??= reason
    this.state = 'dead'
    this.#process.kill('SIGKILL')
  }

  #heard(notice: Notice, body: string, events: ChildEvents<Cargo>): void {
    if (this.state === 'dead') return
    if (notice.notice === 'ready') {
      this.state = 'ready'
      this.wasReady = true
      this.#turn()
      return events.ready(this)
    }
    const [head] = this.#inHand
    if (head?.task.id !== notice.id) throw new Error(`it speaks of batch ${notice.id}, which is not its turn`)
    if (notice.notice === 'started') {
      this.#since = Date.now()
      this.#isOverdue = false
      this.#started = true
      return
    }
    // Before anything is taken from hand: a child that cannot be understood is killed with its work still known.
    const results = readResults(body, head.items)
    if (results.length === 0 && notice.ending === 'done') throw new Error('it did nothing')
    this.#inHand.shift()
    events.ended(this, head, notice, results)
    this.#turn()
  }

  /** The next batch is at hand, or none. */
  #turn(): void {
    this.#since = Date.now()
    this.idleSince = this.#since
    this.#isOverdue = false
    this.#started = false
    this.#restingMb = undefined
  }

  /** Once: a process that could not be made is said to have failed and to have closed. */
  #gone(events: ChildEvents<Cargo>): void {
    if (this.#isGone) return
    this.#isGone = true
    this.state = 'dead'
    events.gone(this, this.#inHand.splice(0), this.#reason)
  }

  /** When memory is short the system is to end a child before the server; what runs alone has time. */
  #yieldToOthers(): void {
    if (this.pid === undefined) return
    try {
      if (process.platform === 'linux') writeFileSync(`/proc/${this.pid}/oom_score_adj`, '900')
      if (this.lane === 'alone') setPriority(this.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    } catch {
      // A courtesy that some systems do not allow; nothing rests on it.
    }
  }
}
