/**
 * A target that counts what arrives and how long it took since it was sent. It costs little, so that what is measured is the
 * server: it reads just the HTTP that Hookloom's client writes. Prints its port; answers `GET /report`.
 */
import { type AddressInfo, type Socket, createServer } from 'node:net'

export interface SinkReport {
  readonly received: number
  /** Milliseconds from the request at the door to its receipt here. */
  readonly p50: number
  readonly p99: number
}

let latencies: number[] = []

function answerTo(request: string, body: string): string {
  if (request.startsWith('POST ')) {
    const { sentAt } = JSON.parse(body) as { sentAt: number }
    latencies.push(performance.timeOrigin + performance.now() - sentAt)
    return 'ok'
  }
  if (request.startsWith('GET /report ')) {
    const sorted = latencies.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
    return JSON.stringify({ received: sorted.length, p50: at(0.5), p99: at(0.99) } satisfies SinkReport)
  }
  latencies = []
  return ''
}

function serve(socket: Socket): void {
  let seen = ''
  socket.setEncoding('latin1').setNoDelay()
  // A client that goes away has nothing more to hear.
  socket.on('error', () => undefined)
  socket.on('data', (chunk: string) => {
    seen += chunk
    for (;;) {
      const head = seen.indexOf('\r\n\r\n')
      if (head === -1) return
      const length = Number(/\r\ncontent-length: (\d+)/i.exec(seen.slice(0, head))?.[1] ?? 0)
      const end = head + 4 + length
      if (seen.length < end) return
      const answer = answerTo(seen, seen.slice(head + 4, end))
      seen = seen.slice(end)
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`)
    }
  })
}

const server = createServer(serve)
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
