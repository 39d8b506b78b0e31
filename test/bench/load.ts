/**
 * A load generator that costs little: it writes requests that are made beforehand and only counts answers, so that what is
 * measured is the server. Run in a process of its own: `load.ts '{"kind":"closed",…}'`; prints one line of JSON.
 */
import { createHmac, sign as signWithKey } from 'node:crypto'
import { type Socket, connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export type LoadPlan = {
  readonly port: number
  readonly path: string
  readonly secret: string
  /** In place of the secret: a private key (PEM), and what is hashed before it signs. The signature is base64 in `x-signature`. */
  readonly key?: { readonly pem: string; readonly hash: 'sha256' | null }
  readonly connections: number
  readonly seconds: number
} & ({ readonly kind: 'closed' } | { readonly kind: 'open'; readonly perSecond: number })

export interface LoadReport {
  readonly sent: number
  readonly accepted: number
  readonly refused: number
  readonly seconds: number
  /** Milliseconds from request to answer. */
  readonly p50: number
  readonly p99: number
}

const filler = 'x'.repeat(760)

interface SignedBody {
  readonly body: string
  readonly header: string
}

/** A push of 1 KiB, with the moment it was made, and the header that signs it. */
function signedBody({ secret, key }: Pick<LoadPlan, 'secret' | 'key'>, n: number): SignedBody {
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    n,
    sentAt: performance.timeOrigin + performance.now(),
    repository: { full_name: 'octocat/hello-world', private: false },
    pusher: { name: 'octocat', email: 'octocat@example.com' },
    commits: [{ id: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c', message: filler }],
  })
  const header =
    key === undefined
      ? `x-hub-signature-256: sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
      : `x-signature: ${signWithKey(key.hash, Buffer.from(body), key.pem).toString('base64')}`
  return { body, header }
}

/** A request of its own each time: the delivery's id, which is not signed, makes it another event. */
function signedRequest(plan: LoadPlan, n: number): Buffer {
  const { path, kind } = plan
  // Where nobody asks when it was made, a body is signed once and sent many times: the generator is to cost little.
  const { body, header } = (kind === 'closed' && bodies[n % bodiesMade]) || signedBody(plan, n)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-github-event: push\r\n` +
      `x-github-delivery: ${process.pid}-${n}\r\n${header}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}

const bodiesMade = 256
const bodies: SignedBody[] = []

/** One kept connection that has one request under way at a time. */
class Connection {
  readonly #port: number
  #socket: Socket
  #answered: ((status: number) => void) | undefined
  #seen = ''

  constructor(port: number) {
    this.#port = port
    this.#socket = this.#connect()
  }

  #connect(): Socket {
    const socket = connect({ host: '127.0.0.1', port: this.#port, noDelay: true })
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => this.#hear(chunk))
    socket.on('error', () => undefined)
    // Answered by nobody: refused.
    socket.on('close', () => this.#answered?.(0))
    return socket
  }

  /** A connection that the server closed while it was idle is made anew, as any client does. */
  send(request: Buffer): Promise<number> {
    if (!this.#socket.writable) this.#socket = this.#connect()
    return new Promise((resolve) => {
      this.#answered = resolve
      this.#socket.write(request)
    })
  }

  #hear(chunk: string): void {
    this.#seen += chunk
    const head = this.#seen.indexOf('\r\n\r\n')
    if (head === -1) return
    const length = Number(/content-length: (\d+)/i.exec(this.#seen)?.[1] ?? 0)
    if (this.#seen.length < head + 4 + length) return
    const status = Number(this.#seen.slice(9, 12))
    this.#seen = ''
    const answered = this.#answered
    this.#answered = undefined
    answered?.(status)
  }

  close(): void {
    this.#socket.destroy()
  }
}

async function run(plan: LoadPlan): Promise<LoadReport> {
  if (plan.kind === 'closed') for (let n = 0; n < bodiesMade; n += 1) bodies.push(signedBody(plan, n))
  const connections = Array.from({ length: plan.connections }, () => new Connection(plan.port))
  const latencies: number[] = []
  const counts = { sent: 0, accepted: 0, refused: 0 }
  const began = performance.now()
  const until = began + plan.seconds * 1_000
  const one = async (connection: Connection) => {
    const request = signedRequest(plan, counts.sent++)
    const from = performance.now()
    const status = await connection.send(request)
    latencies.push(performance.now() - from)
    if (status >= 200 && status < 300) counts.accepted += 1
    else counts.refused += 1
  }
  if (plan.kind === 'closed') {
    await Promise.all(
      connections.map(async (connection) => {
        while (performance.now() < until) await one(connection)
      }),
    )
  } else {
    const idle = [...connections]
    const underWay = new Set<Promise<void>>()
    while (performance.now() < until) {
      const due = Math.floor(((performance.now() - began) / 1_000) * plan.perSecond)
      while (counts.sent < due) {
        const connection = idle.pop()
        if (connection === undefined) break
        const sending = one(connection).then(() => void idle.push(connection))
        underWay.add(sending)
        void sending.finally(() => underWay.delete(sending))
      }
      await wait(1)
    }
    await Promise.all(underWay)
  }
  const seconds = (performance.now() - began) / 1_000
  for (const connection of connections) connection.close()
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
  return { ...counts, seconds, p50: at(0.5), p99: at(0.99) }
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2] ?? '{}') as LoadPlan)))
