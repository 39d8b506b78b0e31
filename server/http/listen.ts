import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { signal } from '../engine/signals.ts'
import { sendProblem } from './hook-answers.ts'
import { type TlsFiles, createTlsServer } from './tls.ts'
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
/** Of the request line and all headers together, which is what the proxies in front of us pass on, too. */
const headerBytesMax = 16 * 1_024
/** Above the door's own limit, so that it can say what is wrong with a request that has too many. */
const headersRead = 4_000

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly tls: TlsFiles | undefined
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
    underWay.set(request.socket, { request, response })
    // Nothing here speaks another protocol: what would follow in it is not read as requests either.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false
    if (request.httpVersion === '1.1' && hostsOf(request) !== 1) {
      refusedUnread('bad-request')
      sendProblem(response, 'bad-request', 'The request has no Host header, or several. Send one.', {})
    } else if (!hooks(request, response)) app(request, response)
  }
  // Node's own refusal of a request without a Host has no words.
  const options = { ...timings, maxHeaderSize: headerBytesMax, requireHostHeader: false }
  const server: Server = tls ? createTlsServer(tls, options, handle) : createServer(options, handle)
  server.maxHeadersCount = headersRead
  server.on('checkExpectation', handle)
  server.on('connect', refuseTunnel)
  server.on('clientError', refuseUnreadable)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ host, port }, () => {
      server.off('error', reject)
      // No descriptor for one more connection is no reason to end: it is told, and the next one may find one.
      server.on('error', (error) => signal('engine.trouble', { where: 'listener', message: error.message }))
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs) =>
      new Promise((resolve) => {
        const force = setTimeout(() => {
          server.closeAllConnections()
          resolve()
        }, graceMs)
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

/** The newest request of each connection: what cannot be read may be the rest of its body, or come after it. */
const underWay = new WeakMap<
  Duplex,
  { readonly request: IncomingMessage; readonly response: ServerResponse }
>()

function hostsOf({ rawHeaders }: IncomingMessage): number {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts
}

/** What the parser refuses has no URL yet: it is answered and counted, and not stored. */
function refuseUnreadable(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const code = codes[error.code ?? ''] ?? 'bad-request'
  const { request, response } = underWay.get(socket) ?? {}
  refusedUnread(code)
  if (request === undefined || response === undefined || response.writableFinished) {
    return sendBare(socket, code, {})
  }
  // Answers leave in the order of their requests; one that has begun must not be mixed with another. Nothing more is read
  // until then, or every piece that comes would be refused again.
  socket.pause()
  response.shouldKeepAlive = false
  if (request.complete) response.once('close', () => socket.end())
  else sendProblem(response, code, unreadable(code), {})
}

/** We are no proxy. Node hands such a request over without a response. */
function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  // From here on nobody else watches this connection: neither its errors nor its time-outs, nor a server that closes.
  socket.on('error', () => socket.destroy())
  refusedUnread('method-not-allowed')
  sendBare(socket, 'method-not-allowed', { allow: [] })
}

const refusedUnread = (code: ProblemCode): void =>
  signal('event.rejected', { workflowId: null, rejectionId: null, status: problems[code][0], reason: code })

const unreadable = (code: ProblemCode): string =>
  `The request is not HTTP as it can be read here. ${problems[code][1]}.`

/** Answers where there is no response to answer with, and ends the connection. */
function sendBare(socket: Duplex, code: ProblemCode, more: Parameters<typeof problemHeaders>[0]): void {
  const [status, title] = problems[code]
  const body = JSON.stringify(problemDocument(code, unreadable(code), more))
  const headers = Object.entries({
    ...problemHeaders(more),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${head}\r\n${body}`, () => socket.destroy())
}
