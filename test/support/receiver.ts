/** A target for outbound requests: it records every request as it came, and answers, or misbehaves, on order. */
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

export interface ReceivedRequest {
  readonly method: string
  /** Path and query, as sent. */
  readonly url: string
  /** Names are lower case. */
  readonly headers: { readonly [name: string]: string }
  /** Names and values in turn, as sent. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
  readonly text: string
  /** Which connection it came over, counted from 1. */
  readonly connection: number
}

/** What a request meets. Those that never end by themselves end with the connection, or with the receiver. */
export type Behaviour =
  | {
      readonly kind: 'answer'
      readonly status?: number
      readonly headers?: { readonly [name: string]: string | readonly string[] }
      readonly body?: string | Uint8Array
      readonly delayMs?: number
    }
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  /** Takes the request, and goes on as this says once it says so. */
  | { readonly kind: 'held'; readonly until: Promise<Behaviour> }
  /** Takes the request and closes the connection without a word. */
  | { readonly kind: 'drop' }
  /** Takes the request and never answers. */
  | { readonly kind: 'hang' }
  /** Answers one byte at a time, for ever. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Answers at full speed, for ever. */
  | { readonly kind: 'endless' }
  /** A small answer of `content-encoding: gzip` that becomes this many bytes. */
  | { readonly kind: 'gzip-bomb'; readonly bytes: number }
  /** These bytes in the place of an answer, then the end of the connection. */
  | { readonly kind: 'raw'; readonly bytes: string | Uint8Array }

export interface ReceiverOptions {
  /** For all requests, or chosen for each; `n` counts from 1. By default 200 with `{"ok":true}`. */
  readonly behaviour?: Behaviour | ((request: ReceivedRequest, n: number) => Behaviour)
  /** 127.0.0.1 by default. */
  readonly host?: string
  /** A free one by default. */
  readonly port?: number
  /** PEM texts: the receiver then speaks HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export interface Receiver {
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  readonly url: string
  readonly port: number
  readonly requests: readonly ReceivedRequest[]
  /** Connections that were ever made, with or without a request. */
  connections(): number
  /** From the next request on. */
  behave(behaviour: NonNullable<ReceiverOptions['behaviour']>): void
  /** Resolves when so many requests have come; rejects after `withinMs` (10 s by default). */
  received(count: number, withinMs?: number): Promise<readonly ReceivedRequest[]>
  close(): Promise<void>
}

/** For so long connections stay open on which nothing is asked. */
const keptMs = 120_000

const fine: Behaviour = {
  kind: 'answer',
  headers: { 'content-type': 'application/json' },
  body: '{"ok":true}',
}

export async function openReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { host = '127.0.0.1', port = 0, tls } = options
  let behaviour = options.behaviour ?? fine
  const requests: ReceivedRequest[] = []
  const watchers = new Set<() => void>()
  const connections = new Map<Socket, number>()
  const sockets = new Set<Socket>()
  let connected = 0

  const listener: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A sender that gives up in the middle is a case under test, not an error of this server.
    incoming.on('error', () => incoming.destroy())
    incoming.on('end', () => {
      const request = recorded(incoming, Buffer.concat(chunks), connections.get(incoming.socket) ?? 0)
      requests.push(request)
      perform(typeof behaviour === 'function' ? behaviour(request, requests.length) : behaviour, response)
      for (const look of watchers) look()
    })
  }
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener)
  // A sender that was frozen finds its connections as it left them.
  server.keepAliveTimeout = keptMs
  // TLS adds a second socket on top of each connection; connections are counted below it.
  server.on('connection', (socket: Socket) => {
    connected += 1
    connections.set(socket, connected)
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      sockets.delete(socket)
      connections.delete(socket)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = (server.address() as AddressInfo).port

  return {
    url: `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    requests,
    connections: () => connected,
    behave: (next) => {
      behaviour = next
    },
    received: (count, withinMs = 10_000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(look)
          reject(new Error(`${requests.length} of ${count} requests came within ${withinMs} ms`))
        }, withinMs)
        const look = (): void => {
          if (requests.length < count) return
          clearTimeout(timer)
          watchers.delete(look)
          resolve(requests)
        }
        watchers.add(look)
        look()
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

function recorded(incoming: IncomingMessage, body: Buffer, connection: number): ReceivedRequest {
  return {
    method: incoming.method ?? '',
    url: incoming.url ?? '',
    headers: Object.fromEntries(
      Object.entries(incoming.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
    ),
    rawHeaders: incoming.rawHeaders,
    body,
    text: body.toString('utf8'),
    connection,
  }
}

function perform(behaviour: Behaviour, response: ServerResponse): void {
  switch (behaviour.kind) {
    case 'answer': {
      const { status = 200, headers = {}, body = '', delayMs = 0 } = behaviour
      const answer = (): void => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        response.writeHead(status).end(body)
      }
      if (delayMs > 0) setTimeout(answer, delayMs)
      else answer()
      return
    }
    case 'redirect':
      response.writeHead(behaviour.status, { location: behaviour.location }).end()
      return
    case 'drop':
      response.socket?.destroy()
      return
    case 'held':
      void behaviour.until.then((next) => perform(next, response))
      return
    case 'hang':
      return
    case 'drip': {
      response.writeHead(200)
      const timer = setInterval(() => response.write('.'), behaviour.everyMs)
      response.on('close', () => clearInterval(timer))
      return
    }
    case 'endless': {
      const chunk = Buffer.alloc(65_536, '.')
      const pour = (): void => {
        while (!response.destroyed && response.write(chunk));
      }
      response.on('drain', pour).writeHead(200)
      pour()
      return
    }
    case 'gzip-bomb':
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(gzipSync(Buffer.alloc(behaviour.bytes), { level: 9 }))
      return
    case 'raw':
      response.socket?.end(behaviour.bytes)
      return
  }
}
