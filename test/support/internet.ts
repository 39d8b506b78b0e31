/** An internet of the tests' own: the providers' hosts, on this machine, for a server that is started with its environment. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'

const folder = new URL('internet/', import.meta.url)
/** A file of `internet/`: certificates and keys, see `make-certificates.sh`. */
export const internetFile = (name: string): Buffer => readFileSync(new URL(name, folder))
const hosts = internetFile('hosts.txt').toString().trim().split('\n')

export interface Asked {
  readonly host: string
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface Told {
  readonly status?: number
  readonly headers?: { readonly [name: string]: string }
  readonly body: string | Buffer
}

export interface Internet {
  /** For `startServer`. */
  readonly environment: Readonly<Record<string, string>>
  readonly asked: readonly Asked[]
  /** What is at `host/path`, without a query; everything else is 404. */
  put(place: string, told: Told | ((asked: Asked) => Told)): void
  close(): Promise<void>
}

export async function openInternet(): Promise<Internet> {
  const asked: Asked[] = []
  const places = new Map<string, Told | ((asked: Asked) => Told)>()
  const listener: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming
      const host = headers.host ?? ''
      const one = { host, method, path, headers, body: Buffer.concat(chunks).toString() }
      asked.push(one)
      const place = places.get(`${host}${path.split('?')[0]}`) ?? {
        status: 404,
        body: 'There is nothing here.',
      }
      const { status = 200, headers: told = {}, body } = typeof place === 'function' ? place(one) : place
      response.writeHead(status, told).end(body)
    })
  }
  const secure = createSecureServer(
    { key: internetFile('servers.key'), cert: internetFile('servers.pem') },
    listener,
  )
  const plain = createServer(listener)
  const [https, http] = await Promise.all([portOf(secure), portOf(plain)])
  return {
    environment: {
      NODE_OPTIONS: `--import ${new URL('own-hosts.mjs', folder).href}`,
      NODE_EXTRA_CA_CERTS: new URL('authority.pem', folder).pathname,
      HOOKLOOM_TEST_INTERNET: JSON.stringify({ hosts, ports: { 443: https, 80: http } }),
    },
    asked,
    put: (place, told) => void places.set(place, told),
    close: async () => {
      for (const server of [secure, plain]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
