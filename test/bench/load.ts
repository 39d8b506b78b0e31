/**
 * A load generator that costs little: it writes requests that are made beforehand and only counts answers, so that what is
 * measured is the server. Run in a process of its own: `load.ts '{"kind":"closed",…}'`; prints one line of JSON.
 */
import { type Socket, connect } from 'node:net'
import { type LoadPlan, type LoadReport, bodiesMade, requestParts } from './plan.ts'

const idOf = (n: number) => `${process.pid}-${String(n).padStart(8, '0')}`

const requestOf = (plan: LoadPlan, n: number, sentAt: number): Buffer =>
  Buffer.from(requestParts(plan, n, sentAt).join(idOf(n)))

/** An answer of the door, or of what it is compared with, is shorter. */
const answerBytesMax = 16_384

/** One kept connection that has one request under way at a time. */
class Connection {
  readonly #port: number
  readonly #answer = Buffer.allocUnsafe(answerBytesMax)
  readonly #onAnswer: (connection: Connection, status: number, ms: number) => void
  #socket: Socket
  #sentAt = 0
  #seen = ''

  constructor(port: number, onAnswer: (connection: Connection, status: number, ms: number) => void) {
    this.#port = port
    this.#onAnswer = onAnswer
    this.#socket = this.#connect()
  }

  #connect(): Socket {
    const callback = (bytes: number) => {
      this.#hear(this.#answer.toString('latin1', 0, bytes))
      return true
    }
    const onread = { buffer: this.#answer, callback }
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true, onread })
    socket.on('error', () => undefined)
    // Answered by nobody: refused.
    socket.on('close', () => {
      if (this.#sentAt > 0) this.#answered(0)
    })
    return socket
  }

  /** A connection that the server closed while it was idle is made anew, as any client does. */
  send(request: Buffer): void {
    if (!this.#socket.writable) this.#socket = this.#connect()
    this.#sentAt = performance.now()
    this.#socket.write(request)
  }

  #hear(text: string): void {
    this.#seen += text
    const head = this.#seen.indexOf('\r\n\r\n')
    if (head === -1) return
    const length = Number(/content-length: (\d+)/i.exec(this.#seen)?.[1] ?? 0)
    if (this.#seen.length < head + 4 + length) return
    const status = Number(this.#seen.slice(9, 12))
    this.#seen = ''
    this.#answered(status)
  }

  #answered(status: number): void {
    const ms = performance.now() - this.#sentAt
    this.#sentAt = 0
    this.#onAnswer(this, status, ms)
  }

  close(): void {
    this.#socket.destroy()
  }
}

/** How the requests of a plan come about; `next` is asked with a free connection. */
interface Source {
  /** When the first is due, by `performance.now()`. */
  readonly began: number
  /** `undefined`: none is due now. */
  next(): Buffer | undefined
}

function closedSource(plan: LoadPlan): Source {
  const made = Array.from({ length: bodiesMade }, (_, n) => requestOf(plan, n, 0))
  const idAt = requestParts(plan, 0, 0)[0].length
  let sent = 0
  return {
    began: performance.now(),
    next() {
      const request = made[sent % bodiesMade]
      request?.write(idOf(sent), idAt, 'latin1')
      sent += 1
      return request
    },
  }
}

/** All are made before the first is due. Each says when it should go out: one that has to wait for a connection was late. */
function openSource(plan: LoadPlan, perSecond: number): Source {
  const count = Math.floor(plan.seconds * perSecond)
  const began = performance.now() + count * makingMs
  const dueAt = (n: number) => began + (n / perSecond) * 1_000
  const made = Array.from({ length: count }, (_, n) => requestOf(plan, n, performance.timeOrigin + dueAt(n)))
  let sent = 0
  return {
    began,
    next: () => (performance.now() < dueAt(sent) ? undefined : made[sent++]),
  }
}

/** What it takes at most to make one request. */
const makingMs = 0.1

async function run(plan: LoadPlan): Promise<LoadReport> {
  const source = plan.kind === 'closed' ? closedSource(plan) : openSource(plan, plan.perSecond)
  const until = source.began + plan.seconds * 1_000
  const latencies: number[] = []
  const counts = { sent: 0, accepted: 0, refused: 0 }
  const idle: Connection[] = []
  const done = Promise.withResolvers<void>()
  const isOver = () => performance.now() >= until
  const sendNext = (connection: Connection) => {
    const request = isOver() ? undefined : source.next()
    if (request === undefined) {
      idle.push(connection)
      if (isOver() && idle.length === plan.connections) done.resolve()
      return
    }
    counts.sent += 1
    connection.send(request)
  }
  const onAnswer = (connection: Connection, status: number, ms: number) => {
    latencies.push(ms)
    if (status >= 200 && status < 300) counts.accepted += 1
    else counts.refused += 1
    sendNext(connection)
  }
  for (let n = 0; n < plan.connections; n += 1) idle.push(new Connection(plan.port, onAnswer))
  const look = setInterval(() => {
    for (const connection of idle.splice(0)) sendNext(connection)
  }, 1)
  await done.promise
  clearInterval(look)
  const seconds = (performance.now() - source.began) / 1_000
  for (const connection of idle) connection.close()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return { ...counts, seconds, p50: at(0.5), p99: at(0.99) }
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as LoadPlan)))
