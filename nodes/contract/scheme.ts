/**
 * The verification language: how a provider signs, shakes hands and names its events, said as data.
 * Provider files are written in it, `server/inbound/verify.ts`, `sign.ts` and `handshake.ts` interpret it, and nobody else
 * decides whether a request is genuine. What decides (algorithm, key form, places) stands here or in the workflow's
 * settings, never in the request.
 */
import type { Json } from './json.ts'

/**
 * Where a text stands in a request. A header's name is lower case. `body` is a path of names and positions parted by dots,
 * into the parsed JSON or form (`entry.0.id`); `*` stands for every item of a list. `part` is a named piece of the
 * signature header (`t` of `t=1,v1=…`).
 */
export type Source =
  | { readonly header: string }
  | { readonly query: string }
  | { readonly body: string }
  | { readonly part: string }

/** `sha256` without a key is HubSpot's older form: the secret is a piece of what is signed (`{secret}`). */
export type SignatureAlgorithm =
  | 'hmac-sha1'
  | 'hmac-sha256'
  | 'hmac-sha384'
  | 'hmac-sha512'
  | 'sha256'
  | 'ed25519'
  | 'ecdsa-p256-sha256'
  | 'rsa-sha1'
  | 'rsa-sha256'

export type Encoding = 'hex' | 'base64' | 'base64url'

/**
 * How the secret's text becomes a key. `text`: its UTF-8 bytes, prefix and all. `whsec`: base64 after an optional `whsec_`.
 * `public`: a public key as PEM, base64 SPKI, or a bare ed25519 key as hex, base64, or `whpk_` (`whsk_`: its private half).
 */
export type KeyForm = 'text' | 'hex' | 'base64' | 'whsec' | 'public'

/** A list inside one header: `t=1,v1=a,v1=b` is `{ separator: ',', assign: '=' }`, `v1,a v1,b` is `{ separator: ' ', assign: ',' }`. */
export interface Parts {
  readonly separator: string
  readonly assign: string
  /** The name that signatures bear; several may bear it, and any of them may match. Other names are ignored. */
  readonly signature: string
}

export interface TimestampRule {
  readonly from: Source
  readonly unit: 'seconds' | 'milliseconds' | 'rfc3339'
  readonly toleranceSeconds: number
  /** `past`: only too old is refused (Stripe's own rule). */
  readonly direction: 'both' | 'past'
}

interface Choice {
  /** Takes only secrets that start so. Of several schemes, a secret belongs to the first that takes it. */
  readonly secretPrefix?: string
  /** Used only when the workflow's settings name it: never chosen by what a request carries. */
  readonly variant?: string
}

/** A signature over something. */
export interface SignatureScheme extends Choice {
  readonly kind: 'signature'
  /** Every place that is present is read; any signature may match. */
  readonly from: readonly Source[]
  readonly parts?: Parts
  /** Stands before each signature and belongs to it: `sha256=`, `v0=`. */
  readonly prefix?: string
  readonly algorithm: SignatureAlgorithm
  readonly encoding: Encoding
  readonly key: KeyForm
  /**
   * A template over the request: `{body}` (raw bytes), `{timestamp}`, `{id}`, `{url}` (the public one), `{method}`,
   * `{path}`, `{secret}`, `{form}` (name and value of each form field, sorted by name: Twilio), `{header:NAME}`,
   * `{query:NAME}`, `{part:NAME}`, `{body:PATH}`, `{crc32}` (of the body, decimal: PayPal). All else is literal.
   */
  readonly signed: string
  /** Twilio signs the URL now with its port, now without: both forms are tried. */
  readonly urlPort?: 'either'
  readonly timestamp?: TimestampRule
  /** What `{id}` stands for. */
  readonly id?: Source
  /** A place that must hold the SHA-256 of the body in hex, for schemes that sign only the URL (Twilio JSON). */
  readonly bodySha256?: Source
  /** The provider's older form, read only where every place of this one is absent: never instead of a signature that is wrong. */
  readonly older?: SignatureScheme
}

/** The secret itself, shown by the caller. Found at several places of one kind (`value.*.clientState`), each must be right. */
export interface TokenScheme extends Choice {
  readonly kind: 'token'
  readonly from: readonly Source[]
  /** An authentication scheme before it, case-insensitive, parted by one space: `Bearer`. */
  readonly authScheme?: string
}

/** RFC 7617. The secret is `user:password`, or the password when `username` is given. */
export interface BasicScheme extends Choice {
  readonly kind: 'basic'
  readonly username?: string
}

/** RFC 7519. The secret is text (HS…), a public key as PEM, or a JWK or JWKS as JSON. */
export interface JwtScheme extends Choice {
  readonly kind: 'jwt'
  readonly from: Source
  readonly authScheme?: string
  /** Empty: the one algorithm that the key's own form names. */
  readonly algorithms: readonly JwtAlgorithm[]
  readonly issuer?: string
  readonly audience?: string
  /** For `exp`, `nbf` and `iat`. */
  readonly toleranceSeconds: number
  /** `iat` must be there and no older. */
  readonly ageSecondsMax?: number
  /** A claim that must hold the SHA-256 of the body in hex (Plaid's `request_body_sha256`). */
  readonly bodySha256Claim?: string
}

export const jwtAlgorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
export type JwtAlgorithm = (typeof jwtAlgorithms)[number]

/** Nothing is checked: whoever knows the hook's URL may call it. */
export interface OpenScheme extends Choice {
  readonly kind: 'none'
}

export type Scheme = SignatureScheme | TokenScheme | BasicScheme | JwtScheme | OpenScheme

/**
 * A provider's way of asking whether the hook is ours. It is no event: it is answered, counted, and starts no run.
 * A hook answers only the handshake of its own provider.
 */
export interface Handshake {
  readonly methods: readonly string[]
  /** All must hold for the request to be this handshake. */
  readonly when: readonly { readonly from: Source; readonly is?: string }[]
  /** `after`: the request is signed like any other and verified first. `before`: the provider does not sign it. */
  readonly order: 'before' | 'after'
  /** Must equal the `verifyToken` of the workflow's settings; else 403. */
  readonly token?: Source
  readonly answer: HandshakeAnswer
}

export type HandshakeAnswer =
  /** The challenge comes back as text/plain, as the field of a JSON object, or as a header. */
  | {
      readonly kind: 'echo'
      readonly challenge: Source
      readonly as: 'text' | { readonly field: string } | { readonly header: string }
    }
  /**
   * The HMAC of the challenge under the secret. The challenge is at most 128 characters of `A-Za-z0-9._~+/=-`, so that no
   * delivery's body or signed string can be passed off as one: a hook is no signing oracle.
   */
  | {
      readonly kind: 'hmac'
      readonly challenge: Source
      readonly algorithm: 'hmac-sha256'
      readonly encoding: Encoding
      readonly prefix?: string
      /** The JSON object's field for the HMAC, and for the challenge itself where the provider wants it back. */
      readonly field: string
      readonly challengeField?: string
    }
  | { readonly kind: 'fixed'; readonly status: number; readonly body?: Json }

/** A real event, as the provider sends it. What the signature needs (headers, time, id) is added by `sign`. */
export interface Sample {
  readonly title: string
  readonly method?: string
  readonly headers: { readonly [name: string]: string }
  /** Text as it is, or a value that is sent as JSON. */
  readonly body: Json
}

/** Everything that Hookloom knows about one sender: data, words and a sample. */
export interface Provider {
  readonly id: string
  readonly title: string
  /** A lucide icon's name. */
  readonly icon: string
  /** The provider's page about its webhooks. */
  readonly link: string
  /** What to paste where, one step each. */
  readonly setup: readonly string[]
  /** Schemes, or what the settings make of them. */
  readonly schemes: readonly Scheme[] | ((settings: VerificationSettings) => readonly Scheme[])
  /** Which settings it takes beside `scheme`, `secret` and `secrets`. */
  readonly settings: readonly SettingName[]
  readonly handshakes?: readonly Handshake[]
  /** The event's name; the first place that holds one counts. */
  readonly type?: readonly Source[]
  /** What makes two deliveries one; the first place that holds it counts. None: nothing is safe to call one. */
  readonly delivery?: readonly Source[]
  /** A place that is present on a repeated delivery. */
  readonly retry?: Source
  /** What the provider may send at most; absent = the door's own default. */
  readonly bodyBytesMax?: number
  /** A form field that carries the message as JSON. */
  readonly unwrap?: { readonly field: string }
  readonly samples: readonly Sample[]
}

/** A secret's text, or a reference to it. */
export type SecretText = string | { readonly $secret: string }

/** What a workflow says about verification: `webhook.verification`. */
export interface VerificationSettings {
  readonly scheme: string
  readonly secret?: SecretText | undefined
  /** Several while one is replaced by another: each is tried. */
  readonly secrets?: readonly SecretText[] | undefined
  /** What a handshake must show (Meta's verify token). */
  readonly verifyToken?: SecretText | undefined
  /** One of the provider's older or other ways of signing. */
  readonly variant?: string | undefined
  readonly username?: string | undefined
  readonly header?: string | undefined
  readonly query?: string | undefined
  readonly parts?:
    | {
        readonly separator?: string | undefined
        readonly assign?: string | undefined
        readonly signature: string
        readonly timestamp?: string | undefined
      }
    | undefined
  readonly signed?: string | undefined
  readonly algorithm?: string | undefined
  readonly algorithms?: readonly JwtAlgorithm[] | undefined
  readonly encoding?: Encoding | undefined
  readonly prefix?: string | undefined
  readonly key?: KeyForm | undefined
  /** Where `{id}` is: `header:NAME`, `query:NAME`, `body:PATH` or `part:NAME`. */
  readonly id?: string | undefined
  readonly timestamp?:
    | {
        /** Written like `id`; a bare name is a header. */
        readonly from?: string | undefined
        readonly unit?: TimestampRule['unit'] | undefined
        readonly toleranceSeconds?: number | undefined
      }
    | undefined
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
}

export type SettingName = Exclude<keyof VerificationSettings, 'scheme' | 'secret' | 'secrets'>

/** Reads a place written as text: `header:NAME`, `query:NAME`, `body:PATH`, `part:NAME`; a bare name is a header. */
export function readSource(text: string): Source {
  const [, kind, name] = /^(header|query|body|part):(.+)$/s.exec(text) ?? []
  if (kind === 'query') return { query: name ?? '' }
  if (kind === 'body') return { body: name ?? '' }
  if (kind === 'part') return { part: name ?? '' }
  return { header: (name ?? text).toLowerCase() }
}

/** Writes a place as `readSource` reads it. */
export function writeSource(source: Source): string {
  const [[kind, name] = ['', '']] = Object.entries(source)
  return `${kind}:${name}`
}

/** A place in words, for messages: `the header "x-signature"`. */
export function nameSource(source: Source): string {
  if ('header' in source) return `the header "${source.header}"`
  if ('query' in source) return `the query parameter "${source.query}"`
  if ('body' in source) return `"${source.body}" in the body`
  return `the part "${source.part}" of the signature header`
}
