/** What it costs to verify, of what can be accepted: each way against the same workflow that verifies nothing, in turn. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { RunningServer } from '../support/server.ts'
import { githubSecret, publish } from '../support/workflows.ts'
import type { LoadPlan, LoadReport } from './load.ts'

export interface Cost {
  readonly name: string
  /** Of the rate without verification; the median of the rounds. */
  readonly share: number
  readonly perSecond: number
}

const rounds = 3
const seconds = 3

interface Measured {
  readonly name: string
  readonly verification: Readonly<Record<string, unknown>>
  readonly key?: NonNullable<LoadPlan['key']>
}

const pemOf = (key: KeyObject, type: 'spki' | 'pkcs8') => key.export({ type, format: 'pem' }).toString()

const byKey = (
  algorithm: string,
  { privateKey, publicKey }: { readonly privateKey: KeyObject; readonly publicKey: KeyObject },
): Measured => ({
  name: algorithm,
  verification: {
    scheme: 'hmac',
    header: 'X-Signature',
    algorithm,
    encoding: 'base64',
    secret: pemOf(publicKey, 'spki'),
  },
  key: { pem: pemOf(privateKey, 'pkcs8'), hash: algorithm === 'ed25519' ? null : 'sha256' },
})

export async function measureVerification(
  server: RunningServer,
  {
    load,
    drained,
  }: {
    readonly load: (plan: LoadPlan) => Promise<LoadReport>
    readonly drained: () => Promise<unknown>
  },
): Promise<readonly Cost[]> {
  const measured: readonly Measured[] = [
    { name: 'none', verification: { scheme: 'none' } },
    { name: 'hmac-sha256', verification: { scheme: 'github', secret: githubSecret } },
    byKey('ed25519', generateKeyPairSync('ed25519')),
    byKey('ecdsa-p256-sha256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    byKey('rsa-sha256', generateKeyPairSync('rsa', { modulusLength: 2_048 })),
  ]
  const port = Number(new URL(server.url).port)
  const rates = new Map<string, number[]>()
  const paths = new Map<string, string>()
  for (const { name, verification } of measured) {
    // The same key for all, so that only the verification differs.
    const config = { verification, dedupe: { key: 'header: x-github-delivery' } }
    const graph = { nodes: [{ id: 'hook', type: 'webhook', data: { config } }], edges: [] }
    paths.set(name, (await publish(server, graph, name)).path)
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, key } of measured) {
      const path = paths.get(name) ?? ''
      const plan = { kind: 'closed', port, path, secret: githubSecret, connections: 64, seconds } as const
      const report = await load({ ...plan, ...(key !== undefined && { key }) })
      if (report.refused > 0) throw new Error(`${name}: ${report.refused} were refused`)
      rates.set(name, [...(rates.get(name) ?? []), report.accepted / report.seconds])
      await drained()
    }
  }
  const bare = rates.get('none') ?? []
  return measured.slice(1).map(({ name }) => {
    const own = rates.get(name) ?? []
    const shares = own.map((rate, round) => rate / (bare[round] ?? Number.NaN))
    return { name, share: median(shares), perSecond: median(own) }
  })
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
