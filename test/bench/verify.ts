/**
 * What it costs to verify, of what can be accepted: each way and the same workflow that verifies nothing, one right after the
 * other, so that a machine whose speed drifts treats both alike.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { RunningServer } from '../support/server.ts'
import { githubSecret, publish } from '../support/workflows.ts'
import type { LoadPlan, LoadReport } from './plan.ts'

export interface Cost {
  readonly name: string
  /** Of the rate without verification right before or after; the median of the rounds. */
  readonly share: number
  readonly perSecond: number
}

const rounds = 9
const seconds = 1.5

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

const byHmac = {
  scheme: 'hmac',
  header: 'X-Hub-Signature-256',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  prefix: 'sha256=',
  secret: githubSecret,
}

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
  const ways: readonly Measured[] = [
    { name: 'hmac-sha256', verification: byHmac },
    byKey('ed25519', generateKeyPairSync('ed25519')),
    byKey('ecdsa-p256-sha256', generateKeyPairSync('ec', { namedCurve: 'P-256' })),
    byKey('rsa-sha256', generateKeyPairSync('rsa', { modulusLength: 2_048 })),
  ]
  const port = Number(new URL(server.url).port)
  const ready = async ({ name, verification, key }: Measured) => {
    // The same key for all, so that only the verification differs.
    const config = { verification, dedupe: { key: 'header: x-github-delivery' } }
    const graph = { nodes: [{ id: 'hook', type: 'webhook', data: { config } }], edges: [] }
    const { path } = await publish(server, graph, name)
    const plan = { kind: 'closed', port, path, secret: githubSecret, connections: 64, seconds } as const
    return async () => {
      const report = await load({ ...plan, ...(key !== undefined && { key }) })
      if (report.refused > 0) throw new Error(`${name}: ${report.refused} were refused`)
      await drained()
      return report.accepted / report.seconds
    }
  }
  const bare = await ready({ name: 'none', verification: { scheme: 'none' } })
  const costs: Cost[] = []
  for (const way of ways) {
    const verified = await ready(way)
    const rates: number[] = []
    const shares: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      // In turn: what comes first finds another machine than what comes second.
      const first = round % 2 === 0 ? await bare() : undefined
      const rate = await verified()
      rates.push(rate)
      shares.push(rate / (first ?? (await bare())))
    }
    costs.push({ name: way.name, share: median(shares), perSecond: median(rates) })
  }
  return costs
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
