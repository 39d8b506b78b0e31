import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface KnockRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface KnockOptions {
  readonly scheme: 'http' | 'https'
  /** The address that the server listens at. */
  readonly host: string
  readonly port: () => number
}

/** Sends a request to this server's own door, by its socket. Rejects when nobody answers. */
export const openKnock =
  ({ scheme, host, port }: KnockOptions) =>
  ({ body, ...told }: KnockRequest): Promise<{ readonly status: number; readonly body: string }> =>
    new Promise((resolve, reject) => {
      const request = scheme === 'http' ? httpRequest : httpsRequest
      // It is our own certificate, on our own loopback: its name is that of the public URL.
      request({ ...told, host: loopbackOf(host), port: port(), rejectUnauthorized: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
        })
      })
        .on('error', reject)
        .end(body)
    })

/** Where this server reaches itself. */
const loopbackOf = (host: string): string => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host)
