/**
 * The verification language: how a request shows that it is genuine, said as data. Provider files are written in it, `server/inbound/verify.ts`, `sign.ts` and `handshake.ts` interpret it, and nobody else
 * decides whether a request is genuine. What decides (algorithm, key form, places) stands here or in the workflow's
 * settings, never in the request.
 */
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

/** Something that a request shows: a place that holds a text (this text, where one is given), or that is not there at all. */
export type Condition =
  { readonly from: Source; readonly is?: string } | { readonly from: Source; readonly absent: true }

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
 * How the secret's text becomes a key. `text`: its UTF-8 bytes, prefix and all. `sha1`: the SHA-1 of them. `whsec`: base64
 * after an optional `whsec_`. `public`: a public key as PEM, base64 SPKI, or a bare ed25519 key as hex, base64, or `whpk_`
 * (`whsk_`: its private half).
 */
export type KeyForm = 'text' | 'sha1' | 'hex' | 'base64' | 'whsec' | 'public'

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
  /** Absent: the provider names none, and only the workflow's settings make it count. */
  readonly toleranceSeconds?: number
  /** `past`: only too old is refused (Stripe's own rule). */
  readonly direction: 'both' | 'past'
  /** A request without one passes: it stands in the signed body, out of which nobody can take it. */
  readonly optional?: true
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
  /** A template over the request, see `signed-text.ts`: `{timestamp}.{body}`. */
  readonly signed: string
  /**
   * How else the provider may have written the URL that it signed, each form tried beside the URL as it came. `port`: without
   * a port and with its scheme's. `quotes`: `'` for `%27` and back. `decoded`: `:/?@!$'()*,;` for their percent-codes.
   */
  readonly urlForms?: readonly ('port' | 'quotes' | 'decoded')[]
  readonly timestamp?: TimestampRule
  /** What `{id}` stands for. */
  readonly id?: Source
  /** A place that must hold the SHA-256 of the body in hex, for schemes that sign only the URL (Twilio JSON). */
  readonly bodySha256?: Source
  /** The signature is made by the key of a certificate, and not with the secret. */
  readonly certificate?: CertificateRule
  /** A list in the body whose every item is signed on its own; the paths of this scheme start at the item. */
  readonly each?: string
  /** What must hold beside the signature. */
  readonly requires?: readonly Condition[]
  /** This way of signing is in use only where these hold. */
  readonly when?: readonly Condition[]
  /**
   * Another way of the same provider, with the same secret. It judges a request that does not show this one: `when` does not
   * hold, every place of `from` is absent, or (where both have the same place) nothing there has this one's form. Never
   * instead of a signature that is wrong.
   */
  readonly otherwise?: SignatureScheme
}

/** A certificate that the request names by its URL. Fetched by the guarded client, kept, and never from anywhere else. */
export interface CertificateRule {
  readonly from: Source
  /** `https://sns.*.amazonaws.com/*.pem`: in the host, `*` stands for one label; in the path, for anything. */
  readonly urls: readonly string[]
  /** Whom it must be made out to, any of them. Its issuers must then lead to a known authority. */
  readonly names?: readonly string[]
  /** A place that must hold the secret: everybody's events are signed by the same key, and this tells ours (SNS's topic). */
  readonly secretAt?: Source
  /** Where an issuer may be fetched that does not come with the certificate; patterns as in `urls`. */
  readonly issuers?: readonly string[]
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

/** RFC 7519. The secret is text (HS…), a public key as PEM, or a JWK or JWKS as JSON; with `keys`, whatever that says. */
export interface JwtScheme extends Choice {
  readonly kind: 'jwt'
  readonly from: Source
  readonly authScheme?: string
  /** Empty: the one algorithm that the key's own form names. */
  readonly algorithms: readonly JwtAlgorithm[]
  readonly keys?: KeySource
  /** Several: any of them. */
  readonly issuer?: string | readonly string[]
  /** `{url}`: the hook's own public URL, without the query. */
  readonly audience?: string
  /** For `exp`, `nbf` and `iat`. */
  readonly toleranceSeconds: number
  /** `iat` must be there and no older. */
  readonly ageSecondsMax?: number
  /** A claim that must hold the SHA-256 of the body in hex (Plaid's `request_body_sha256`). */
  readonly bodySha256Claim?: string
  /** Claims that must be there; `{secret}`: the workflow's secret, which is then a name and no key (a service account). */
  readonly claims?: { readonly [claim: string]: string | true }
}

/** Keys that the provider publishes. Fetched by the guarded client and kept; asked for again when a token names another key. */
export type KeySource =
  /** A JSON Web Key Set at a URL. */
  | { readonly kind: 'jwks'; readonly url: string }
  /**
   * One key for each key id, asked for with a POST of JSON. In its fields `{kid}` stands for the id, and `{user}` and
   * `{password}` for the halves of the secret, which is `user:password`. The answer has the key as a JWK in `field`.
   */
  | {
      readonly kind: 'by-id'
      readonly url: string
      readonly body: { readonly [field: string]: string }
      readonly field: string
    }

/**
 * The provider itself is asked whether it sent this, with a token that it gives for OAuth 2 client credentials. The secret is
 * `id:user:password`; the fields of the question are templates as in `signed`, where `{secret}` is the id and `{body}` the
 * body as JSON.
 */
export interface AskScheme extends Choice {
  readonly kind: 'ask'
  readonly tokenUrl: string
  readonly url: string
  readonly body: { readonly [field: string]: string }
  readonly says: { readonly field: string; readonly is: string }
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

export type Scheme = SignatureScheme | TokenScheme | BasicScheme | JwtScheme | AskScheme | OpenScheme

/** Keys that the provider publishes need no secret, unless a claim must be it. */
export const needsSecret = (scheme: Scheme): boolean =>
  scheme.kind === 'jwt'
    ? scheme.keys?.kind !== 'jwks' || Object.values(scheme.claims ?? {}).includes('{secret}')
    : scheme.kind !== 'none'

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
  /** Where the keys of JSON Web Tokens are published (JWKS). */
  readonly keysUrl?: string | undefined
  /** What a WebSub hub delivers to this hook. */
  readonly topic?: string | undefined
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
