import { onTestFinished } from 'vitest'
import type { HttpRequest } from '../../nodes/contract/context.ts'
import { openOutbound, type OutboundOptions } from '../../server/runtime/http.ts'
import type { Sent } from '../../server/runtime/runtime.ts'
import { openReceiver, type Receiver, type ReceiverOptions } from '../support/receiver.ts'

/** 2027-01-15T08:00:00Z */
export const instant = 1_800_000_000_000

export interface Attempted {
  (
    request: Partial<HttpRequest> & { readonly url: string },
    delivery?: { readonly id?: string; readonly redact?: readonly string[]; readonly signal?: AbortSignal },
  ): Promise<Sent>
}

/** The way out, with 127.0.0.0/8 allowed unless a test says otherwise; closed with the test. */
export function openWayOut(options: Partial<OutboundOptions> = {}): Attempted {
  const outbound = openOutbound({
    allow: ['127.0.0.0/8'],
    userAgent: 'Hookloom/0.0.0',
    now: () => instant,
    ...options,
  })
  onTestFinished(() => outbound.close())
  return (request, { id = 'run_1:send', redact = [], signal = new AbortController().signal } = {}) =>
    outbound.send(
      { method: request.body === undefined ? 'GET' : 'POST', timeoutMs: 10_000, ...request },
      { id, redact, signal },
    )
}

/** A receiver that is closed with the test. */
export async function openTarget(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await openReceiver(options)
  onTestFinished(() => receiver.close())
  return receiver
}

/** The error code of an attempt that failed, and whether another may help. */
export const outcomeOf = (sent: Sent): string =>
  sent.ok ? `answered ${sent.answer.status}` : `${sent.error.code}${sent.retryable ? ', again' : ''}`
