/** What the doctor says of a request that is refused for another reason than its signature. */
import type { Diagnosis, Remedy } from '../../../nodes/contract/diagnosis.ts'
import { bodyBytesMax } from '../../../nodes/contract/limits.ts'
import { type WebhookSettings, methodNames } from '../../../nodes/webhook.ts'
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
    sentence: told?.sentence ?? [detail, advices[reason]].filter((text) => text !== undefined).join(' '),
    findings: [],
    remedy: told?.remedy ?? null,
    tried: 0,
  }
}

/** What to do, where the refusal itself says only what was found: its sender reads that, and changes nothing here. */
export const advices: Readonly<Record<string, string>> = {
  'certificate-refused':
    'Look whether the variant (live or sandbox) is the one that sends. If it is, somebody else made this request.',
  'key-not-found':
    'If the sender’s own requests are refused so, choose the variant (live or sandbox) that sends.',
  'keys-unreachable':
    'Let this server reach that host over HTTPS, and look at the secret where it holds an account; the sender tries again by itself.',
  'handshake-topic':
    'Enter the topic’s URL in the webhook node exactly as it was subscribed to, and publish.',
  'handshake-token':
    'Enter the verify token of the webhook node at the sender, letter by letter, and confirm there again.',
  'address-not-allowed': 'Add it to the allowed addresses if it is the sender’s.',
  'method-not-allowed': 'Let the sender use one that is answered.',
  'too-large': 'Raise the limit if such bodies are right, publish, and have it sent again.',
  'headers-too-large': 'Look at what the proxies before this server add.',
  timeout: 'If it happens often, look at the line between the sender and this server.',
  'invalid-json': 'Let the sender write the body as its Content-Type says.',
  'invalid-xml': 'Let the sender write the body as its Content-Type says.',
  'invalid-multipart': 'Let the sender write the body as its Content-Type says.',
  'bad-encoding': 'Let the sender send it unpacked, or name the right Content-Encoding.',
  limited: 'Senders come again by themselves; raise the limit in the webhook node if this much is right.',
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
