/** Many signed events, sent as a provider sends them: again with the same delivery id until there is a 2xx. */
import { createHmac } from 'node:crypto'
import { Agent, request } from 'undici'

export interface LoadOptions {
  readonly url: () => string
  readonly secret: string
  /** The first event's number; 0 by default. */
  readonly from?: number
  readonly count: number
  readonly connections: number
  /** Has connections that are open already, and keeps them. */
  readonly agent?: Agent
  /** Called at each acknowledgement with how many there are. */
  readonly onAcknowledged?: (acknowledged: number) => void
}

export interface LoadResult {
  /** Delivery ids that got a 2xx. */
  readonly acknowledged: ReadonlySet<string>
  /** Sendings that were not answered with a 2xx, and were made again. */
  readonly sentAgain: number
}

/** The delivery id of the nth event, which its body carries too. */
export const deliveryOf = (n: number): string => `delivery-${n}`

/** Sends `count` GitHub pushes; resolves when each has been acknowledged. */
export async function sendAll({
  url,
  secret,
  from = 0,
  count,
  connections,
  agent: given,
  onAcknowledged,
}: LoadOptions): Promise<LoadResult> {
  const agent = given ?? new Agent({ connections, pipelining: 1 })
  const acknowledged = new Set<string>()
  let sentAgain = 0
  let next = from
  const send = async (n: number): Promise<boolean> => {
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      n,
      delivery: deliveryOf(n),
      filler: 'x'.repeat(800),
    })
    try {
      const response = await request(url(), {
        method: 'POST',
        dispatcher: agent,
        headers: {
          'content-type': 'application/json',
          'x-github-event': 'push',
          'x-github-delivery': deliveryOf(n),
          'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
        },
        body,
        headersTimeout: 10_000,
      })
      await response.body.dump()
      return response.statusCode >= 200 && response.statusCode < 300
    } catch {
      // The server is down, or went down with our request: a provider would come again, and so do we.
      return false
    }
  }
  const sender = async () => {
    while (next < from + count) {
      const n = next++
      while (!(await send(n))) {
        sentAgain += 1
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      acknowledged.add(deliveryOf(n))
      onAcknowledged?.(acknowledged.size)
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, sender))
  } finally {
    if (given === undefined) await agent.close()
  }
  return { acknowledged, sentAgain }
}
