import { readFileSync } from 'node:fs'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { signal } from '../engine/signals.ts'
import { type ProblemCode, problemDocument, problemHeaders, problems } from './problem.ts'

/**
 * Node's own defaults (60 s, 300 s, looked at every 30 s, then 5 s of rest) let a few hundred slow callers hold a server.
 * A kept connection outlives the 60 s for which proxies keep theirs, so that they never send into one that just closed.
 */
const timings = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 65_000,
} as const
const headerBytesMax = 32 * 1_024
/** Above the door's own limit, so that it can say what is wrong with a request that has too many. */
const headersRead = 4_000

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  /** The door, asked first. */
  readonly hooks: (request: IncomingMessage, response: ServerResponse) => boolean
  readonly app: (request: IncomingMessage, response: ServerResponse) => void
}

export interface Listening {
  readonly port: number
  /** Takes no new connections, ends idle ones, and resolves when those under way are answered or `graceMs` has passed. */
  close(graceMs: number): Promise<void>
}

/** Opens the server. Throws an error with one line when the port or a TLS file cannot be had. */
export async function listen({ host, port, tls, hooks, app }: ListenOptions): Promise<Listening> {
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    if (!hooks(request, response)) app(request, response)
  }
  const options = { ...timings, maxHeaderSize: headerBytesMax }
  const server: Server = tls
    ? createTlsServer({ ...options, cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, handle)
    : createServer(options, handle)
  server.maxHeadersCount = headersRead
  server.on('clientError', refuseUnreadable)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host, port }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) =>
      new Promise((resolve) => {
        const force = setTimeout(() => server.closeAllConnections(), graceMs)
        server.close(() => {
          clearTimeout(force)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

const codes: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'timeout',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'too-large',
}

/** What the parser refuses has no URL yet: it is answered and counted, and not stored. */
function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code = codes[error.code ?? ''] ?? 'bad-request'
  const [status, title] = problems[code]
  signal('event.rejected', { workflowId: null, rejectionId: null, status, reason: code })
  const body = JSON.stringify(
    problemDocument(code, `The request is not HTTP as it can be read here. ${title}.`),
  )
  const headers = Object.entries({
    ...problemHeaders({}),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${head}\r\n${body}`)
}
