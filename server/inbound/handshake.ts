import { createHmac, createSecretKey } from 'node:crypto'
import type { Json } from '../../nodes/contract/json.ts'
import { type Handshake, nameSource, type Provider } from '../../nodes/contract/scheme.ts'
import { whyUnusable } from './keys.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { InboundRequest } from './request.ts'
import { type Readable, textAt } from './source.ts'
import { compileTokens } from './token.ts'

/** What the provider is answered. It is no event: nothing is stored and no run starts. */
export interface HandshakeAnswer {
  readonly ok: true
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
}

/** Longer than any provider's challenge (Microsoft Graph's are the longest, under 200 characters). */
const echoLengthMax = 4_096
/** Signed challenges are names of random bytes: no brace, quote or colon, so that no JSON and no `v0:time:…` can be had. */
const signable = /^[A-Za-z0-9._~+/=-]{1,128}$/

/** An echoed text comes from whoever asks: no browser may read it as a page. */
const echoHeaders = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cache-control': 'no-store',
} as const
const jsonHeaders = { ...echoHeaders, 'content-type': 'application/json; charset=utf-8' } as const

export interface HandshakeSettings {
  readonly provider: Provider
  /** Which of the provider's handshakes are looked for: those that come before verification, or after it. */
  readonly order: Handshake['order']
  readonly secrets: readonly string[]
  readonly verifyToken: string | undefined
  /** The message, where the body was read already. */
  readonly fields?: Json | undefined
}

/** The answer to a handshake, or its refusal; `undefined` when the request is none of this provider's. */
export function answerHandshake(
  request: InboundRequest,
  { provider, order, secrets, verifyToken, fields }: HandshakeSettings,
): HandshakeAnswer | Refusal | undefined {
  const readable = { request, fields }
  // The order comes first, so that no body is read before its signature is checked unless a handshake asks for it.
  const handshake = provider.handshakes?.find(
    (handshake) =>
      handshake.order === order &&
      handshake.methods.includes(request.method) &&
      handshake.when.every(({ from, is }) => {
        const text = textAt(from, readable)
        return text !== undefined && (is === undefined || text === is)
      }),
  )
  if (handshake === undefined) return undefined
  const refusal =
    handshake.token === undefined ? undefined : checkToken(handshake.token, readable, verifyToken)
  return refusal ?? answer(handshake, readable, secrets)
}

function checkToken(
  source: NonNullable<Handshake['token']>,
  readable: Readable,
  verifyToken: string | undefined,
): Refusal | undefined {
  if (verifyToken === undefined || whyUnusable(verifyToken) !== undefined) {
    return refuse(
      403,
      'handshake-token',
      'No verify token is set here. Set the one that you enter at the provider.',
    )
  }
  const shown = textAt(source, readable)
  return shown !== undefined && compileTokens([verifyToken])(shown, 'utf8')
    ? undefined
    : refuse(403, 'handshake-token', `${nameSource(source)} is not the verify token of this workflow.`)
}

function answer(
  { answer: form }: Handshake,
  readable: Readable,
  secrets: readonly string[],
): HandshakeAnswer | Refusal {
  if (form.kind === 'fixed') {
    const body = form.body === undefined ? '' : JSON.stringify(form.body)
    return { ok: true, status: form.status, headers: jsonHeaders, body }
  }
  const challenge = textAt(form.challenge, readable) ?? ''
  if (form.kind === 'hmac') {
    const [secret] = secrets
    if (secret === undefined || whyUnusable(secret) !== undefined) {
      return refuse(
        403,
        'handshake-secret',
        'This workflow has no secret to answer the challenge with. Set one.',
      )
    }
    if (!signable.test(challenge)) return badChallenge
    const digest = createHmac('sha256', createSecretKey(Buffer.from(secret)))
      .update(challenge)
      .digest(form.encoding)
    const named = form.challengeField === undefined ? {} : { [form.challengeField]: challenge }
    const body = JSON.stringify({ ...named, [form.field]: `${form.prefix ?? ''}${digest}` })
    return { ok: true, status: 200, headers: jsonHeaders, body }
  }
  if (challenge === '' || challenge.length > echoLengthMax || /[\r\n\0]/.test(challenge)) return badChallenge
  if (form.as === 'text') return { ok: true, status: 200, headers: echoHeaders, body: challenge }
  if ('field' in form.as) {
    const body = JSON.stringify({ [form.as.field]: challenge })
    return { ok: true, status: 200, headers: jsonHeaders, body }
  }
  // A header's value is visible ASCII; Node would throw on the rest.
  return /^[\x20-\x7e]+$/.test(challenge)
    ? { ok: true, status: 200, headers: { ...echoHeaders, [form.as.header]: challenge }, body: '' }
    : badChallenge
}

const badChallenge = refuse(
  400,
  'handshake-challenge',
  'The challenge is empty, too long, or holds characters that no provider sends.',
)
