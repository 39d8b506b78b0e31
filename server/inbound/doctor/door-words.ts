/** What the doctor says of a request that is refused for another reason than its signature. */
import type { Diagnosis, Remedy } from '../../../nodes/contract/diagnosis.ts'
import { type WebhookSettings, bodyBytesMax, methodNames } from '../../../nodes/webhook.ts'
import type { InboundRequest } from '../request.ts'

interface Refused {
  readonly reason: string
  readonly detail: string
}

export function explainDoor(
  { reason, detail }: Refused,
  request: InboundRequest,
  settings: WebhookSettings,
): Diagnosis {
  const told = explain(reason, request, settings)
  return {
    outcome: 'found',
    sentence: told?.sentence ?? detail,
    findings: [],
    remedy: told?.remedy ?? null,
    tried: 0,
  }
}

function explain(
  reason: string,
  request: InboundRequest,
  { allowFrom, methods, limits }: WebhookSettings,
): { readonly sentence: string; readonly remedy: Remedy | null } | undefined {
  const { ip, method } = request
  if (reason === 'address-not-allowed') {
    return {
      sentence: `It came from ${ip}, which is not among the allowed addresses: add it if this is the sender’s, and set HOOKLOOM_TRUST_PROXY if it is that of your own proxy.`,
      remedy: { kind: 'setting', field: 'allowFrom', change: [...allowFrom, ip], label: `Allow ${ip}` },
    }
  }
  if (reason === 'method-not-allowed' && methodNames.some((name) => name === method)) {
    return {
      sentence: `It was sent by ${method}, and ${methods.join(', ')} are answered: let the sender use one of those, or add ${method}.`,
      remedy: { kind: 'setting', field: 'methods', change: [...methods, method], label: `Answer ${method}` },
    }
  }
  const bytes = Number(request.header('content-length'))
  if (reason === 'too-large' && bytes > (limits.bodyBytes ?? 0) && bytes <= bodyBytesMax) {
    const room = Math.min(bodyBytesMax, Math.ceil(bytes / mebibyte) * mebibyte)
    return {
      sentence: `Its body has ${bytes} bytes, more than this workflow accepts: raise the limit if such bodies are right, and have it sent again.`,
      remedy: {
        kind: 'setting',
        field: 'limits',
        change: { bodyBytes: room },
        label: `Accept ${room / mebibyte} MiB`,
      },
    }
  }
  return undefined
}

const mebibyte = 1_024 * 1_024
