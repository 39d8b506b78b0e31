/** Bytes to a server as they are, and its answers as they came: for requests that no HTTP client would send. */
import { type Socket, connect } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Spoken {
  /** Every answer in order; a `100 Continue` is one of them. */
  readonly answers: readonly RawAnswer[]
  /** Whether the server ended the connection in time. */
  readonly closed: boolean
}

export interface SpeakOptions {
  /** Half-closes after the last byte. */
  readonly end?: boolean
  /** Reads nothing before the last byte is sent, as blocking clients do. */
  readonly readsLast?: boolean
  /** Goes home as soon as so many final answers have come; 0 = waits for the end of the connection. 1 by default. */
  readonly answers?: number
  /** How long to wait for the answers, and for the end of the connection. */
  readonly withinMs?: number
}

/** Opens a connection; rejects when there is nobody to take it. A paused one reads nothing before `resume`. */
export async function openSocket(url: string, { paused = false } = {}): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  // Only before it is connected: later a first read is under way, and keeps what comes.
  if (paused) socket.pause()
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  // That the server ends a connection in the middle is among what is tested; the end itself is what is looked at.
  socket.removeAllListeners('error').on('error', () => socket.destroy())
  return socket
}

/** Sends the bytes over a connection of their own and listens. */
export async function speak(
  url: string,
  bytes: string | Uint8Array,
  { end = false, readsLast = false, answers: wanted = 1, withinMs = 5_000 }: SpeakOptions = {},
): Promise<Spoken> {
  const socket = await openSocket(url, { paused: readsLast })
  const heard = listenTo(socket, { answers: wanted, withinMs })
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => socket.resume())
  if (end) socket.end()
  return heard
}

/** A POST as bytes; each of the headers ends with `\r\n`. */
export const postBytes = (path: string, headers: string, body: string | Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`), Buffer.from(body)])

/** What comes over a connection until there are enough answers, it ends, or the time is up; destroys it then. */
export function listenTo(
  socket: Socket,
  { answers: wanted = 1, withinMs = 5_000 }: Pick<SpeakOptions, 'answers' | 'withinMs'> = {},
): Promise<Spoken> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0)
    const finish = (closed: boolean) => {
      clearTimeout(timer)
      socket.off('data', take).off('end', ended).off('close', ended)
      socket.destroy()
      resolve({ answers: readAnswers(received), closed })
    }
    const take = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const finals = readAnswers(received).filter(({ status }) => status >= 200)
      if (wanted > 0 && finals.length >= wanted) finish(false)
    }
    const ended = () => finish(true)
    const timer = setTimeout(() => finish(false), withinMs)
    socket.on('data', take).on('end', ended).on('close', ended)
  })
}

/** The complete answers at the start of what was received. */
function readAnswers(received: Buffer): readonly RawAnswer[] {
  const answers: RawAnswer[] = []
  let at = 0
  for (;;) {
    const headEnd = received.indexOf('\r\n\r\n', at)
    if (headEnd === -1) return answers
    const [line = '', ...lines] = received.toString('latin1', at, headEnd).split('\r\n')
    const headers = Object.fromEntries(
      lines.map((text) => {
        const colon = text.indexOf(':')
        return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()]
      }),
    )
    const bodyEnd = headEnd + 4 + Number(headers['content-length'] ?? 0)
    if (received.length < bodyEnd) return answers
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1] ?? Number.NaN)
    answers.push({ status, headers, body: received.toString('utf8', headEnd + 4, bodyEnd) })
    at = bodyEnd
  }
}
