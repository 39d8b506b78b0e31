/** A target that counts what arrives and how long it took since it was sent. Prints its port; answers `GET /report`. */
import { type IncomingMessage, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SinkReport {
  readonly received: number
  /** Milliseconds from the request at the door to its receipt here. */
  readonly p50: number
  readonly p99: number
}

let latencies: number[] = []

const textOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const server = createServer((request, response) => {
  if (request.url === '/report') {
    const sorted = latencies.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
    response.end(
      JSON.stringify({ received: sorted.length, p50: at(0.5), p99: at(0.99) } satisfies SinkReport),
    )
  } else if (request.url === '/reset') {
    latencies = []
    response.end()
  } else {
    void textOf(request).then((text) => {
      const { sentAt } = JSON.parse(text) as { sentAt: number }
      latencies.push(performance.timeOrigin + performance.now() - sentAt)
      response.end('ok')
    })
  }
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
