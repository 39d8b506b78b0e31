/** HTTPS by a certificate in a file: it is taken anew when it is renewed, and callers of hooks may have to show one. */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { type RequestOptions, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PeerCertificate, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { certificate, renewed } from '../runtime/certificate.ts'
import { chain } from '../support/chain.ts'
import { type Answer, apiToken, eventually, removeDataDir, startServer } from '../support/server.ts'

let folder: string
const files = () => ({
  cert: join(folder, 'cert.pem'),
  key: join(folder, 'key.pem'),
  ca: join(folder, 'ca.pem'),
})

/** As renewals do it: each file is there whole or not at all. */
async function put({ cert, key }: { readonly cert: string; readonly key: string }): Promise<void> {
  for (const [path, text] of [
    [files().key, key],
    [files().cert, cert],
  ] as const) {
    await writeFile(`${path}.new`, text)
    await rename(`${path}.new`, path)
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hookloom-tls-'))
  await put(certificate)
  await writeFile(files().ca, certificate.cert)
})
afterAll(() => rm(folder, { recursive: true }))

interface Asked {
  readonly status: number
  readonly body: Answer
  readonly peer: PeerCertificate
  readonly hsts: string | undefined
}

/** Each request by a connection of its own, so that each sees the certificate of the moment. */
const ask = (url: string, options: RequestOptions = {}, body?: string): Promise<Asked> =>
  new Promise((resolve, reject) => {
    const asking = request(
      url.replace('localhost', '127.0.0.1'),
      { rejectUnauthorized: false, agent: false, ...options },
      (response) => {
        const { socket, statusCode = 0, headers } = response
        const peer = (socket as TLSSocket).getPeerCertificate()
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          const isJson = headers['content-type']?.includes('json') === true
          const hsts = headers['strict-transport-security']
          resolve({ status: statusCode, body: isJson ? JSON.parse(text) : text, peer, hsts })
        })
      },
    )
    asking.on('error', reject).end(body)
  })

async function open(environment: Readonly<Record<string, string>> = {}) {
  const { cert, key } = files()
  const server = await startServer({
    environment: { HOOKLOOM_TLS_CERT: cert, HOOKLOOM_TLS_KEY: key, ...environment },
  })
  const made = await ask(
    `${server.url}/api/workflows`,
    { method: 'POST', headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' } },
    JSON.stringify({ name: 'TLS', graph: chain({}), publish: true }),
  )
  return {
    server,
    hook: `${server.url}/hooks/${made.body.hook.token}`,
    close: async () => {
      await server.stop()
      await removeDataDir(server.dataDir)
    },
  }
}

test('a renewed certificate is shown without a restart; one that cannot be used leaves the old one in place', async () => {
  const { server, hook, close } = await open()
  try {
    const first = await ask(`${server.url}/healthz`)
    expect([first.peer.subject.CN, first.hsts]).toEqual(['receiver.test', 'max-age=31536000'])
    await writeFile(files().cert, 'no certificate')
    await eventually(
      () => server.output(),
      (output) => output.includes('the old one stays'),
      20_000,
    )
    expect((await ask(`${server.url}/healthz`)).peer.subject.CN).toBe('receiver.test')
    await put(renewed)
    await eventually(
      () => ask(`${server.url}/healthz`),
      ({ peer }) => peer.subject.CN === 'renewed.test',
      20_000,
    )
    expect((await ask(hook, { method: 'POST' }, '{}')).status).toBe(200)
  } finally {
    await put(certificate)
    await close()
  }
})

test('callers of hooks show a certificate where one is asked for; the editor and the API are signed in to as ever', async () => {
  const { server, hook, close } = await open({ HOOKLOOM_TLS_CLIENT_CA: files().ca })
  try {
    const refused = await ask(hook, { method: 'POST' }, '{}')
    expect(refused).toMatchObject({ status: 403, body: { reason: 'certificate-required' } })
    expect((await ask(hook, { method: 'POST', ...renewed }, '{}')).status).toBe(403)
    expect((await ask(hook, { method: 'POST', ...certificate }, '{}')).status).toBe(200)
    expect((await ask(`${server.url}/healthz`)).status).toBe(200)
  } finally {
    await close()
  }
})
