/** What a load generator is asked for, what it tells, and the requests that it sends. */
import { createHmac, sign as signWithKey } from 'node:crypto'

export type LoadPlan = {
  readonly port: number
  readonly path: string
  readonly secret: string
  /** In place of the secret: a private key (PEM), and what is hashed before it signs. The signature is base64 in `x-signature`. */
  readonly key?: { readonly pem: string; readonly hash: 'sha256' | null }
  readonly connections: number
  readonly seconds: number
} & ({ readonly kind: 'closed' } | { readonly kind: 'open'; readonly perSecond: number })

export interface LoadReport {
  readonly sent: number
  readonly accepted: number
  readonly refused: number
  readonly seconds: number
  /** Milliseconds from request to answer. */
  readonly p50: number
  readonly p99: number
}

const filler = 'x'.repeat(760)

interface SignedBody {
  readonly body: string
  readonly header: string
}

/** A push of 1 KiB that says when it is sent, and the header that signs it. */
function signedBody(
  { secret, key }: Pick<LoadPlan, 'secret' | 'key'>,
  n: number,
  sentAt: number,
): SignedBody {
  const body = JSON.stringify({
    ref: 'refs/heads/main',
    n,
    sentAt,
    repository: { full_name: 'octocat/hello-world', private: false },
    pusher: { name: 'octocat', email: 'octocat@example.com' },
    commits: [{ id: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c', message: filler }],
  })
  const header =
    key === undefined
      ? `x-hub-signature-256: sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
      : `x-signature: ${signWithKey(key.hash, Buffer.from(body), key.pem).toString('base64')}`
  return { body, header }
}

/** A request. Between the two parts belongs the delivery's id, which is not signed: it makes each one another event. */
export function requestParts(
  plan: LoadPlan,
  n: number,
  sentAt: number,
): readonly [head: string, tail: string] {
  const { body, header } = signedBody(plan, n, sentAt)
  return [
    `POST ${plan.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-github-delivery: `,
    `\r\ncontent-type: application/json\r\nx-github-event: push\r\n${header}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  ]
}

/** Where nobody asks when a body was sent, these few are sent again and again, each time with another id. */
export const bodiesMade = 256
