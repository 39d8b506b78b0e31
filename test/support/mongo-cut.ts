/** A way to a MongoDB that breaks after so many writes: what a process has done by the moment that it is killed. */
import { type Socket, connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'findAndModify'])

export interface Cut {
  readonly url: string
  /** So many writes pass; the next one and everything after it does not. */
  after(writes: number): void
  /** Whether a write was kept from passing. */
  isCut(): boolean
  close(): Promise<void>
}

/** @param url `mongodb://host:port/name` */
export async function cutMongo(url: string): Promise<Cut> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let left = Infinity
  let isCut = false
  const cut = () => {
    isCut = true
    for (const socket of sockets) socket.destroy()
  }
  const server = createServer((client) => {
    const backend = connect({ host: hostname, port: Number(port) })
    for (const socket of [client, backend]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
    if (isCut) return cut()
    let seen = Buffer.alloc(0)
    client.on('data', (chunk: Buffer) => {
      seen = Buffer.concat([seen, chunk])
      while (seen.length >= 4 && seen.length >= seen.readUInt32LE(0)) {
        const message = seen.subarray(0, seen.readUInt32LE(0))
        seen = seen.subarray(message.length)
        if (writes.has(commandOf(message)) && --left < 0) return cut()
        backend.write(message)
      }
    })
    backend.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.port = String((server.address() as AddressInfo).port)
  return {
    url: through.toString(),
    after(count) {
      left = count
    },
    isCut: () => isCut,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The name of an OP_MSG's command: that of the first element of its document. */
function commandOf(message: Buffer): string {
  const name = 16 + 4 + 1 + 4 + 1
  return message.readUInt32LE(12) === 2013 ? message.subarray(name, message.indexOf(0, name)).toString() : ''
}
