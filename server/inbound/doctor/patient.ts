import type { SignatureScheme, VerificationSettings } from '../../../nodes/contract/scheme.ts'
import type { Remote } from '../remote.ts'
import type { InboundRequest } from '../request.ts'
import type { BodySpelling } from './bodies.ts'
import type { KeySpelling } from './keys.ts'

/** A secret that the doctor may try. It is named in what the doctor says, and never shown. */
export interface KnownSecret {
  /** `undefined`: typed by the person who asks. */
  readonly name: string | undefined
  readonly text: string
  /** The settings verify with it; the others are stored beside it. */
  readonly inForce: boolean
}

/** A request that was refused, or that a person pastes, and what it is judged by. */
export interface Patient {
  readonly request: InboundRequest
  /** Milliseconds; `undefined`: pasted, so that its age says nothing. */
  readonly cameAt: number | undefined
  readonly verification: VerificationSettings
  /** Those in force first. */
  readonly secrets: readonly KnownSecret[]
  /** Only the start of a longer body is kept, and no signature can be tried over a start. */
  readonly bodyIsWhole: boolean
  /** For what is judged by keys that have to be fetched. */
  readonly remote?: Remote
}

/** In what the request differs from what the settings expect, as shown by a signature that then matches. */
export type Difference =
  | { readonly kind: 'secret'; readonly name: string | undefined }
  | { readonly kind: 'key'; readonly spelling: KeySpelling; readonly name: string | undefined }
  | { readonly kind: 'provider'; readonly id: string; readonly title: string }
  | { readonly kind: 'variant'; readonly variant: string | undefined }
  | { readonly kind: 'place'; readonly from: SignatureScheme['from'] }
  | { readonly kind: 'form'; readonly parts: SignatureScheme['parts']; readonly prefix: string | undefined }
  | { readonly kind: 'encoding'; readonly encoding: SignatureScheme['encoding'] }
  | { readonly kind: 'algorithm'; readonly algorithm: SignatureScheme['algorithm'] }
  | { readonly kind: 'signed'; readonly signed: string }
  | { readonly kind: 'time'; readonly rule: SignatureScheme['timestamp'] }
  | { readonly kind: 'body'; readonly spelling: BodySpelling }
  | { readonly kind: 'url'; readonly url: string }

/** One way of signing that may be the sender's. */
export interface Way {
  readonly scheme: SignatureScheme
  /** None: the settings' own. */
  readonly differences: readonly Difference[]
  /** The settings that verify so, without secrets. */
  readonly settings: VerificationSettings | undefined
}
