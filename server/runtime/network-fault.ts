/** What goes wrong between two machines, said so that the reader knows what to do about it. */
import type { Failure } from '../../nodes/contract/failure.ts'
import type { Phase } from './exchange.ts'
import { nameOf } from './target.ts'

export interface AttemptFault extends Failure {
  readonly retryable: boolean
}

/** Why an attempt was broken off from this side. The reason of its abort signal. */
export class Deadline extends Error {
  override readonly name = 'Deadline'
}
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

interface Circumstances {
  readonly url: URL
  readonly phase: Phase
  readonly timeoutMs: number
  readonly bodyBytesMax: number
  readonly headerBytesMax: number
}

type Describe = (at: Circumstances, detail: string) => Omit<AttemptFault, 'code'>

const again = (message: string) => ({ message, retryable: true })
const final = (message: string) => ({ message, retryable: false })

const timeoutSteps = {
  connecting: 'no connection was made; check host, port and firewall',
  'waiting for the answer':
    'it took the request and did not begin to answer; raise the timeout if it is that slow',
  'reading the answer': 'it began to answer and did not come to an end; raise the timeout if it is that slow',
} as const satisfies Record<Phase, string>

/** The one table of network faults: code, words, and whether another attempt may help. */
const faults = {
  'address-refused': (_at, detail) => final(detail),
  'dns-failed': ({ url }, detail) =>
    again(`The name ${url.hostname} could not be resolved (${detail}); check its spelling, or the resolver.`),
  'connection-refused': ({ url }) =>
    again(`${nameOf(url)} refused the connection: nothing listens there; check host and port.`),
  'connection-reset': ({ url, phase }, detail) =>
    again(`${nameOf(url)} broke the connection while ${phase} (${detail}).`),
  unreachable: ({ url }, detail) =>
    again(`There is no way to ${nameOf(url)} from here (${detail}); check the network.`),
  timeout: ({ url, phase, timeoutMs }) =>
    again(`${nameOf(url)} did not answer within ${timeoutMs} ms: ${timeoutSteps[phase]}.`),
  'tls-failed': ({ url }, detail) =>
    again(
      `No secure connection to ${nameOf(url)} (${detail}); a certificate of your own authority is trusted with NODE_EXTRA_CA_CERTS.`,
    ),
  'response-too-large': ({ url, bodyBytesMax }) =>
    final(
      `The answer of ${nameOf(url)} is larger than ${bodyBytesMax} bytes; ask for less, or for a page of it.`,
    ),
  'response-headers-too-large': ({ url, headerBytesMax }) =>
    final(`The answer of ${nameOf(url)} has more than ${headerBytesMax} bytes of headers.`),
  'response-invalid': ({ url }, detail) => again(`What ${nameOf(url)} answered is not HTTP (${detail}).`),
  cancelled: ({ url }) => again(`The attempt to reach ${nameOf(url)} was broken off from this side.`),
  'request-failed': ({ url }, detail) => again(`The request to ${nameOf(url)} failed (${detail}).`),
} as const satisfies Record<string, Describe>

export type NetworkFaultCode = keyof typeof faults

/** Makes a sentence of whatever undici, Node, OpenSSL or our own limits threw. */
export function describeFault(thrown: unknown, at: Circumstances): AttemptFault {
  const found = codeOf(thrown)
  const code = classify(thrown, found)
  // What was thrown on this side has its code from the table already, and its message says more.
  const detail = found === code && thrown instanceof Error ? thrown.message : found
  return { code, ...faults[code](at, detail) }
}

function classify(thrown: unknown, code: string): NetworkFaultCode {
  if (thrown instanceof Deadline) return 'timeout'
  if (thrown instanceof Cancelled) return 'cancelled'
  const known = Object.hasOwn(codes, code) ? codes[code] : undefined
  if (known !== undefined) return known
  if (code.startsWith('EAI_')) return 'dns-failed'
  if (code.startsWith('HPE_')) return 'response-invalid'
  if (
    /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|HOSTNAME_|INVALID_CA|PATH_LENGTH|CRL_)/.test(
      code,
    )
  ) {
    return 'tls-failed'
  }
  return 'request-failed'
}

const codes: Readonly<Record<string, NetworkFaultCode>> = {
  'address-refused': 'address-refused',
  'response-too-large': 'response-too-large',
  'response-invalid': 'response-invalid',
  ENOTFOUND: 'dns-failed',
  ENODATA: 'dns-failed',
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  ECONNABORTED: 'connection-reset',
  EPIPE: 'connection-reset',
  UND_ERR_SOCKET: 'connection-reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'connection-reset',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  EPROTO: 'tls-failed',
  UND_ERR_HEADERS_OVERFLOW: 'response-headers-too-large',
  UND_ERR_DESTROYED: 'cancelled',
  UND_ERR_CLOSED: 'cancelled',
}

/** The stable code of an error where it has one, also where it hides behind an aggregate; else its message. */
function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return codeOf(thrown.errors[0])
  return thrown.message
}
