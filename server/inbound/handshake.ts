import { createHmac } from 'node:crypto'
import type { Json } from '../../nodes/contract/json.ts'
import type { Handshake, Provider } from '../../nodes/contract/provider.ts'
import { nameSource, type Source } from '../../nodes/contract/scheme.ts'
import { readKey, whyUnusable } from './keys.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { InboundRequest } from './request.ts'
import { type Readable, holds, textAt } from './source.ts'
import { compileTokens } from './token.ts'

/** What the provider is answered. It is no event: nothing is stored and no run starts. */
export interface HandshakeAnswer {
  readonly ok: true
  readonly status: number
  readonly headers: { readonly [name: string]: string }
  readonly body: string
  /** To be fetched before the answer, at one of these places only. */
  readonly visit?: { readonly url: string; readonly places: readonly string[] }
  /** The secret that the provider chose, for a workflow that has none yet. */
  readonly learned?: string
  /** Why the request is to be shown to the workflow's owner. */
  readonly shown?: string
}

/** Longer than any provider's challenge (Microsoft Graph's are the longest, under 200 characters). */
const echoLengthMax = 4_096
/** Signed challenges are names of random bytes: no brace, quote or colon, so that no JSON and no `v0:time:…` can be had. */
const signable = /^[A-Za-z0-9._~+/=-]{1,128}$/
const signableHex = /^[0-9a-f]{16,128}$/
const signableBytesMax = 128
/** Of a secret that a provider chooses: Asana's has 64 characters. */
const learnedPattern = /^[\x21-\x7e]{16,512}$/

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
  readonly topic?: string | undefined
  readonly username?: string | undefined
  /** The message, where the body was read already. */
  readonly fields?: Json | undefined
}

/** The answer to a handshake, or its refusal; `undefined` when the request is none of this provider's. */
export function answerHandshake(
  request: InboundRequest,
  settings: HandshakeSettings,
): HandshakeAnswer | Refusal | undefined {
  const { provider, order, secrets, verifyToken, topic, fields } = settings
  const readable = { request, fields }
  // The order comes first, so that no body is read before its signature is checked unless a handshake asks for it.
  const handshake = provider.handshakes?.find(
    (handshake) =>
      handshake.order === order &&
      handshake.methods.includes(request.method) &&
      holds(handshake.when, readable),
  )
  if (handshake === undefined) return undefined
  const refusal =
    (handshake.token && checkToken(handshake.token, readable, verifyToken)) ??
    (handshake.topic && checkTopic(handshake.topic, readable, topic))
  if (refusal !== undefined) return refusal
  const answered = answer(handshake, readable, settings)
  return answered.ok ? { ...answered, ...effects(handshake, readable, secrets) } : answered
}

/**
 * Whether these bytes could be a challenge that was signed for somebody. A provider that signs challenges with the key of its
 * deliveries must never send one as a delivery: whoever asks gets it signed.
 */
export const mayBeChallenge = ({ handshakes = [] }: Pick<Provider, 'handshakes'>, body: Buffer): boolean =>
  body.length <= signableBytesMax &&
  handshakes.some(({ answer }) => answer.kind === 'hmac') &&
  signable.test(body.toString('latin1'))

function effects(
  { visits, learns, shown }: Handshake,
  readable: Readable,
  secrets: readonly string[],
): Pick<HandshakeAnswer, 'visit' | 'learned' | 'shown'> {
  const isNew = secrets.length === 0
  const learned = isNew && learns !== undefined ? textAt(learns, readable) : undefined
  return {
    ...(visits && { visit: { url: textAt(visits.from, readable) ?? '', places: visits.urls } }),
    ...(learned !== undefined && learnedPattern.test(learned) && { learned }),
    ...(isNew && shown !== undefined && { shown }),
  }
}

function checkTopic(source: Source, readable: Readable, topic: string | undefined): Refusal | undefined {
  return topic !== undefined && textAt(source, readable) === topic
    ? undefined
    : refuse(404, 'handshake-topic', `${nameSource(source)} is not the topic of this workflow.`)
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
  { secrets, username }: HandshakeSettings,
): HandshakeAnswer | Refusal {
  if (form.kind === 'fixed') {
    const body = form.body === undefined ? '' : JSON.stringify(form.body)
    return { ok: true, status: form.status, headers: jsonHeaders, body }
  }
  const challenge = textAt(form.challenge, readable) ?? ''
  if (form.kind === 'hmac') return signChallenge(form, challenge, { secrets, username })
  if (challenge === '' || challenge.length > echoLengthMax || /[\r\n\0]/.test(challenge)) return badChallenge
  const { headers = {} } = form
  if (form.as === 'text') {
    return { ok: true, status: 200, headers: { ...echoHeaders, ...headers }, body: challenge }
  }
  if ('field' in form.as) {
    const body = JSON.stringify({ [form.as.field]: challenge })
    return { ok: true, status: 200, headers: { ...jsonHeaders, ...headers }, body }
  }
  // A header's value is visible ASCII; Node would throw on the rest.
  return /^[\x20-\x7e]+$/.test(challenge)
    ? {
        ok: true,
        status: 200,
        headers: { ...echoHeaders, ...headers, [form.as.header]: challenge },
        body: '',
      }
    : badChallenge
}

function signChallenge(
  form: Extract<Handshake['answer'], { kind: 'hmac' }>,
  challenge: string,
  { secrets, username }: Pick<HandshakeSettings, 'secrets' | 'username'>,
): HandshakeAnswer | Refusal {
  const [secret = ''] = secrets
  const key = readKey(secret, form.key ?? 'text', form.algorithm)
  if (!key.ok) {
    const detail = 'This workflow has no secret to answer the challenge with. Set one.'
    return refuse(403, 'handshake-secret', detail)
  }
  if (!(form.challengeForm === 'hex' ? signableHex : signable).test(challenge)) return badChallenge
  const hash = form.algorithm === 'hmac-sha1' ? 'sha1' : 'sha256'
  const digest = createHmac(hash, key.check).update(challenge).digest(form.encoding)
  const written = `${(form.prefix ?? '').replace('{username}', username ?? '')}${digest}`
  if (form.field === undefined) return { ok: true, status: 200, headers: echoHeaders, body: written }
  const named = form.challengeField === undefined ? {} : { [form.challengeField]: challenge }
  const body = JSON.stringify({ ...named, [form.field]: written })
  return { ok: true, status: 200, headers: jsonHeaders, body }
}

const badChallenge = refuse(
  400,
  'handshake-challenge',
  'The challenge is empty, too long, or holds characters that no provider sends.',
)
