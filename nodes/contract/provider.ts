/**
 * Everything that Hookloom knows about one sender, as data: how it signs (`scheme.ts`), how it shakes hands, how it names its
 * events and deliveries, and the words and samples that help to set it up.
 */
import type { Json } from './json.ts'
import type {
  Condition,
  Encoding,
  KeyForm,
  Scheme,
  SettingName,
  Source,
  VerificationSettings,
} from './scheme.ts'

/**
 * A provider's way of asking whether the hook is ours. It is no event: it is answered, counted, and starts no run.
 * A hook answers only the handshake of its own provider.
 */
export interface Handshake {
  readonly methods: readonly string[]
  /** All must hold for the request to be this handshake. */
  readonly when: readonly Condition[]
  /** `after`: the request is signed like any other and verified first. `before`: the provider does not sign it. */
  readonly order: 'before' | 'after'
  /** Must equal the `verifyToken` of the workflow's settings; else 403. */
  readonly token?: Source
  /** Must equal the `topic` of the workflow's settings; else 404. */
  readonly topic?: Source
  /** The secret that the provider chose: it becomes the workflow's while that has none, and is never replaced by another. */
  readonly learns?: Source
  /** Shown among the rejections while the workflow has no secret: it holds a text that a person has to paste. */
  readonly shown?: string
  /** A URL that must be fetched to agree, at one of these places only; see `CertificateRule.urls`. */
  readonly visits?: { readonly from: Source; readonly urls: readonly string[] }
  readonly answer: HandshakeAnswer
}

export type HandshakeAnswer =
  /** The challenge comes back as text/plain, as the field of a JSON object, or as a header. */
  | {
      readonly kind: 'echo'
      readonly challenge: Source
      readonly as: 'text' | { readonly field: string } | { readonly header: string }
      readonly headers?: { readonly [name: string]: string }
    }
  /**
   * The HMAC of the challenge under the secret. The challenge is at most 128 characters of `A-Za-z0-9._~+/=-`, or of hex, so
   * that no delivery's body or signed string can be passed off as one: a hook is no signing oracle.
   */
  | {
      readonly kind: 'hmac'
      readonly challenge: Source
      readonly challengeForm?: 'hex'
      readonly algorithm: 'hmac-sha1' | 'hmac-sha256'
      /** `text` when left out. */
      readonly key?: KeyForm
      readonly encoding: Encoding
      /** Stands before the HMAC; `{username}` is the one of the workflow's settings. */
      readonly prefix?: string
      /** The JSON object's field for the HMAC (none: it comes as text), and for the challenge where that is wanted back. */
      readonly field?: string
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

export interface Provider {
  readonly id: string
  readonly title: string
  /** A lucide icon's name. */
  readonly icon: string
  /** The provider's page about its webhooks. */
  readonly link: string
  /** What to paste where, one step each. */
  readonly setup: readonly string[]
  /** What its signature does not do: that there is none, or what it leaves out. */
  readonly caution?: string
  /** Schemes, or what the settings make of them. */
  readonly schemes: readonly Scheme[] | ((settings: VerificationSettings) => readonly Scheme[])
  /** Which settings it takes beside `scheme`, `secret` and `secrets`. */
  readonly settings: readonly SettingName[]
  /** Those of them without which nothing can be verified or answered. */
  readonly needs?: readonly SettingName[]
  /** The secret is made up by a person, who enters it at the provider too. */
  readonly secretIsOwn?: true
  readonly handshakes?: readonly Handshake[]
  /** The event's name; the first place that holds one counts. */
  readonly type?: readonly TypeSource[]
  /** What makes two deliveries one; the first place that holds it counts. None: nothing is safe to call one. */
  readonly delivery?: readonly Source[]
  /** A place that is present on a repeated delivery; where the first one has it too, what it holds there. */
  readonly retry?: { readonly from: Source; readonly unless?: string }
  /** What the provider wants to hear for an event, where the workflow says nothing else. */
  readonly answer?: {
    readonly status: number
    readonly headers: { readonly [name: string]: string }
    readonly body?: Json
  }
  /** It wants refusals without a body. */
  readonly refusals?: 'empty'
  /** What the provider may send at most; absent = the door's own default. */
  readonly bodyBytesMax?: number
  /** A form field that carries the message: as JSON, or as XML in base64. */
  readonly unwrap?: Unwrap
  readonly samples: readonly Sample[]
}

/** A place that holds an event's name, or fields of the body of which the first that is there is the name. */
export type TypeSource = Source | { readonly whichOf: readonly string[] }

export interface Unwrap {
  readonly field: string
  readonly as?: 'base64-xml'
}
