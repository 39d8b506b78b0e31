/** A way to a MongoDB on which the first who comes meets silence, as of a frozen server; all others get through. */
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

export interface Mute {
  readonly url: string
  /** How many have come. */
  connections(): number
  close(): Promise<void>
}

/** @param url `mongodb://host:port/name` */
export async function muteMongo(url: string): Promise<Mute> {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  let connections = 0
  const keep = (socket: Socket) => {
    sockets.add(socket)
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    connections += 1
    keep(client)
    if (connections === 1) return client.resume()
    return client.pipe(keep(connect({ host: hostname, port: Number(port) }))).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const through = new URL(url)
  through.port = String((server.address() as AddressInfo).port)
  return {
    url: through.toString(),
    connections: () => connections,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
