/** HTTPS by a certificate and a key in files, which somebody renews while the server runs. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { type Server, createServer } from 'node:https'
import type { IncomingMessage, RequestListener, ServerOptions } from 'node:http'
import { TLSSocket, createSecureContext } from 'node:tls'
import { describeUnknown } from '../../nodes/contract/failure.ts'
import { signal } from '../engine/signals.ts'

export interface TlsFiles {
  /** PEM. */
  readonly cert: string
  readonly key: string
  /** Whose certificates callers of hooks must show; absent = none is asked for. */
  readonly clientCa: string | undefined
}

/** Files are looked at so often: certificates are replaced by renaming links, of which no system tells reliably. */
const lookMs = 2_000

/** Opens a server over the files as they are now, and takes those that come into their place. Throws when they cannot be used. */
export function createTlsServer(files: TlsFiles, options: ServerOptions, handle: RequestListener): Server {
  const server = createServer(
    {
      ...options,
      ...read(files),
      // Who shows none is told so by the door, in words, and may still sign in to the editor.
      ...(files.clientCa !== undefined && { requestCert: true, rejectUnauthorized: false }),
    },
    handle,
  )
  const paths = [files.cert, files.key, files.clientCa].filter((path) => path !== undefined)
  const renew = () => {
    try {
      const renewed = read(files)
      // A certificate without its key, while one of the two is already new, is refused here and looked at again.
      createSecureContext(renewed)
      server.setSecureContext(renewed)
      signal('server.certified', {})
    } catch (error) {
      const message = `the new certificate cannot be used, the old one stays: ${describeUnknown(error)}`
      signal('engine.trouble', { where: 'tls', message })
    }
  }
  for (const path of paths) watchFile(path, { interval: lookMs, persistent: false }, renew)
  server.once('close', () => {
    for (const path of paths) unwatchFile(path, renew)
  })
  return server
}

const read = ({ cert, key, clientCa }: TlsFiles) => ({
  cert: readFileSync(cert),
  key: readFileSync(key),
  ...(clientCa !== undefined && { ca: readFileSync(clientCa) }),
})

/** Whether the caller showed a certificate of those who may call. */
export const isCertified = ({ socket }: IncomingMessage): boolean =>
  socket instanceof TLSSocket && socket.authorized
