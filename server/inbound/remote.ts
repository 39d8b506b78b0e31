/**
 * What verification asks of the world: certificates, published keys, a provider's own word. All of it goes through the guarded
 * client, without redirects, to places that a provider's file or the workflow's settings name; what comes is kept.
 */
import type { KeyObject, X509Certificate } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../nodes/contract/json.ts'
import type { CertificateRule } from '../../nodes/contract/scheme.ts'
import type { Outbound } from '../runtime/runtime.ts'
import {
  followChain,
  isInForce,
  isMadeOutTo,
  issuerUrls,
  knownAuthorities,
  readCertificates,
} from './certificate.ts'
import { type Fetched, Kept } from './kept.ts'
import { type Refusal, refuse } from './refusal.ts'
import { isAtPlace } from './url-pattern.ts'

/** Providers let callers wait a few seconds for an answer: Slack three, most ten. */
const timeoutMs = 5_000
/** More at a time would be somebody who makes up certificates and keys. */
const underWayMax = 16

interface Question {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: { readonly [name: string]: string }
  readonly body?: string
  /** Never in a record. */
  readonly secrets?: readonly string[]
}

interface Answer {
  readonly bytes: Buffer
  readonly body: Json
}

export interface RemoteOptions {
  readonly outbound: Pick<Outbound, 'send'>
  /** Whose certificates are believed; Node's own list when left out. */
  readonly authorities?: () => readonly X509Certificate[]
}

export class Remote {
  readonly #outbound: RemoteOptions['outbound']
  readonly #authorities: () => readonly X509Certificate[]
  readonly #certificates = new Kept<X509Certificate>()
  readonly #keys = new Kept<JsonObject>()
  readonly #tokens = new Kept<string>()
  #underWay = 0

  constructor({ outbound, authorities = knownAuthorities }: RemoteOptions) {
    this.#outbound = outbound
    this.#authorities = authorities
  }

  /** The key of the certificate at a URL that a request named; refused when the rule does not allow it, or it is not in force. */
  async certificateKey(rule: CertificateRule, url: string, nowMs: number): Promise<Fetched<KeyObject>> {
    if (!isAtPlace(url, rule.urls)) {
      const detail = 'The request names a certificate that is not at a place of this sender.'
      return refuse(401, 'certificate-refused', detail)
    }
    const { href } = new URL(url)
    const found = await this.#certificates.get(href, nowMs, () => this.#certificate(rule, href, nowMs))
    if (!found.ok) return found
    return isInForce(found.value, nowMs)
      ? { ok: true, value: found.value.publicKey }
      : refuse(401, 'certificate-refused', 'The certificate of the signature is not in force now.')
  }

  async #certificate(rule: CertificateRule, url: string, nowMs: number): Promise<Fetched<X509Certificate>> {
    const answer = await this.#ask({ method: 'GET', url })
    if (!answer.ok) return answer
    const [leaf, ...others] = readCertificates(answer.value.bytes)
    if (leaf === undefined) {
      return refuse(401, 'certificate-refused', `There is no certificate at ${hostOf(url)} to check with.`)
    }
    if (rule.names === undefined) return { ok: true, value: leaf }
    const isKnown =
      isMadeOutTo(leaf, rule.names) &&
      (await followChain(leaf, {
        others,
        authorities: this.#authorities(),
        nowMs,
        issuerOf: (certificate) => this.#issuer(certificate, rule.issuers ?? []),
      }))
    return isKnown
      ? { ok: true, value: leaf }
      : refuse(
          401,
          'certificate-refused',
          `The certificate at ${hostOf(url)} is made out to somebody else, or not by a known authority.`,
        )
  }

  async #issuer(
    certificate: X509Certificate,
    places: readonly string[],
  ): Promise<X509Certificate | undefined> {
    const url = issuerUrls(certificate).find((each) => isAtPlace(each, places))
    const answer = url === undefined ? undefined : await this.#ask({ method: 'GET', url })
    return answer?.ok === true ? readCertificates(answer.value.bytes)[0] : undefined
  }

  /** A JSON Web Key Set. It is fetched again when it lacks the key, but not more than twice a minute. */
  keySet(url: string, keyId: string | undefined, nowMs: number): Promise<Fetched<JsonObject>> {
    const hasKey = (set: JsonObject) =>
      keyId === undefined ||
      (Array.isArray(set['keys']) && set['keys'].some((key) => isJsonObject(key) && key['kid'] === keyId))
    return this.#keys.get(url, nowMs, () => this.object({ method: 'GET', url }), hasKey)
  }

  /** One key that the provider gives for its id, as a JWK. */
  keyById(question: Question & { readonly field: string }, nowMs: number): Promise<Fetched<JsonObject>> {
    const { url, body, field } = question
    // Another account may be told another key.
    return this.#keys.get(`${url} ${body}`, nowMs, async () => {
      const answer = await this.object(question)
      if (!answer.ok) return answer
      const key = answer.value[field]
      return isJsonObject(key ?? null)
        ? { ok: true, value: key as JsonObject }
        : refuse(401, 'key-not-found', `${hostOf(url)} knows no key of this id.`)
    })
  }

  /** A token for OAuth 2 client credentials (RFC 6749, 4.4), kept until `forgetToken`, an hour at most. */
  token(url: string, user: string, password: string, nowMs: number): Promise<Fetched<string>> {
    return this.#tokens.get(`${url} ${user} ${password}`, nowMs, async () => {
      const pair = Buffer.from(`${user}:${password}`).toString('base64')
      const answer = await this.object({
        method: 'POST',
        url,
        headers: {
          authorization: `Basic ${pair}`,
          'content-type': 'application/x-www-form-urlencoded',
          accept: 'application/json',
        },
        body: 'grant_type=client_credentials',
        secrets: [pair, password],
      })
      if (!answer.ok) return answer
      const token = answer.value['access_token']
      return typeof token === 'string'
        ? { ok: true, value: token }
        : refuse(503, 'keys-unreachable', `${hostOf(url)} gave no token for the client id of this workflow.`)
    })
  }

  forgetToken(url: string, user: string, password: string): void {
    this.#tokens.forget(`${url} ${user} ${password}`)
  }

  /** Fetches a URL that has to be visited to agree to something; refused where it leads anywhere else. */
  async visit(url: string, places: readonly string[]): Promise<Refusal | undefined> {
    if (!isAtPlace(url, places)) {
      const detail = 'The request asks to visit a URL that is not at a place of this sender.'
      return refuse(401, 'visit-refused', detail)
    }
    const answer = await this.#ask({ method: 'GET', url })
    return answer.ok ? undefined : answer
  }

  /** Asks for a JSON object; nothing of it is kept. */
  async object(question: Question): Promise<Fetched<JsonObject>> {
    const answer = await this.#ask(question)
    if (!answer.ok) return answer
    return isJsonObject(answer.value.body)
      ? { ok: true, value: answer.value.body }
      : refuse(503, 'keys-unreachable', `${hostOf(question.url)} gave no JSON object to check with.`)
  }

  async #ask({ method, url, headers, body, secrets = [] }: Question): Promise<Fetched<Answer>> {
    if (this.#underWay >= underWayMax) {
      return refuse(
        503,
        'keys-unreachable',
        'Too much is being fetched to check requests. Send it again later.',
      )
    }
    this.#underWay += 1
    try {
      const request = {
        method,
        url,
        ...(headers && { headers }),
        ...(body !== undefined && { body }),
        timeoutMs,
      }
      const sent = await this.#outbound.send(request, {
        id: 'verification',
        redact: secrets,
        signal: new AbortController().signal,
        redirects: 'refuse',
      })
      if (!sent.ok) return unreachable(url, sent.error.message)
      const { status } = sent.answer
      if (status >= 200 && status < 300) {
        return { ok: true, value: { bytes: Buffer.from(sent.bytes), body: sent.answer.body } }
      }
      // What the sender named is not there; anything else may be better in a while.
      return status === 404 || status === 410
        ? refuse(401, 'key-not-found', `${hostOf(url)} does not have what the request is to be checked with.`)
        : unreachable(url, `it answered ${status}`)
    } finally {
      this.#underWay -= 1
    }
  }
}

const hostOf = (url: string): string => new URL(url).host

const unreachable = (url: string, why: string): Refusal =>
  refuse(
    503,
    'keys-unreachable',
    `What the request is to be checked with cannot be had from ${hostOf(url)}: ${why.replace(/\.$/, '')}. Let the sender try again.`,
  )
