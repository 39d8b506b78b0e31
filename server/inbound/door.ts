/**
 * What a webhook node's settings make of the door: everything between "the bytes are there" and "store the event", in the
 * one order that is safe. It reads no clock, opens no socket and stores nothing.
 *
 *   address ─► handshake (before) ─► path ─► method ─► verify ─► unpack ─► read ─► handshake (after) ─► event
 *      403          200 | 403         404      405       401     413 | 415  400        200
 */
import type { Json } from '../../nodes/contract/json.ts'
import type { Provider } from '../../nodes/contract/provider.ts'
import { providers, schemesOf } from '../../nodes/providers/index.ts'
import type { WebhookSettings } from '../../nodes/webhook.ts'
import { type AddressList, compileAddresses } from './address.ts'
import { type ReadMessage, readMessage } from './body.ts'
import { decodeContent, isEncoded } from './content-encoding.ts'
import { type DedupeKey, dedupeKey } from './dedupe.ts'
import { answerHandshake, type HandshakeAnswer, mayBeChallenge } from './handshake.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Remote } from './remote.ts'
import type { InboundRequest } from './request.ts'
import { type Soon, andThen } from './soon.ts'
import { compileConceal } from './conceal.ts'
import { itemsMax, itemsOf, keysOfItems } from './items.ts'
import { type Naming, compileNaming } from './naming.ts'
import { type Readable, textAt } from './source.ts'
import { compileVerifier, type Verdict } from './verify.ts'

/** Of a body whose workflow and provider name no other size. */
export const bodyBytesDefault = 5 * 1_024 * 1_024

/** A request that is let in. */
export interface EventAdmission {
  readonly kind: 'event'
  readonly message: Json
  /** The message as JSON text; the very text that came, where JSON came. */
  readonly json: string
  /** The body after its Content-Encoding was undone. */
  readonly body: Buffer
  readonly verified: boolean
  /** The event's name. */
  readonly type: string | null
  readonly dedupe: DedupeKey
  readonly naming: Naming
  /** The provider says that it sends this again. */
  readonly isRetry: boolean
  /** Where the items of a list are events of their own: those, instead of this. */
  readonly items?: readonly EventAdmission[]
}

export type Admission =
  | EventAdmission
  | { readonly kind: 'handshake'; readonly answer: HandshakeAnswer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

export interface Door {
  /** What may be read of a body, before and after it is unpacked. */
  readonly bodyBytesMax: number
  /** For `Allow`, with those that the provider's handshake adds. */
  readonly methods: readonly string[]
  /** Judges a request, at once where nothing has to be loaded or unpacked. Never throws, whatever it holds. */
  admit(request: InboundRequest, nowMs: number): Soon<Admission>
  /** Reads a request that a person vouches for: who sent it, from where and how is not asked. */
  vouch(request: InboundRequest): Soon<Admission>
}

/** The texts behind the references in `verification`, read when the workflow was loaded. */
export interface DoorSecrets {
  readonly secrets: readonly string[]
  readonly verifyToken: string | undefined
}

/**
 * Compiles a webhook node's settings (checked, defaults filled in), once for each published version.
 * @param remote for providers whose keys have to be fetched; without it their requests are refused
 */
export function compileDoor(
  settings: WebhookSettings,
  { secrets, verifyToken }: DoorSecrets,
  remote?: Remote,
): Door {
  const { verification } = settings
  const { topic, username } = verification
  const provider = providers.get(verification.scheme)
  const verifier = compileVerifier(verification, secrets, remote)
  const conceal = compileConceal(schemesOf(verification), secrets)
  const allowed = settings.allowFrom.length === 0 ? undefined : compileAddresses(settings.allowFrom)
  const naming = compileNaming(settings, provider)
  const bodyBytesMax = settings.limits.bodyBytes ?? provider?.bodyBytesMax ?? bodyBytesDefault
  const added = provider?.handshakes?.flatMap(({ methods }) => methods) ?? []

  return {
    bodyBytesMax,
    methods: [...new Set([...settings.methods, ...added])],
    admit(request, nowMs) {
      const outside = checkAddress(allowed, request.ip)
      if (outside !== undefined) return { kind: 'refused', refusal: outside }
      const shaken = shake(request, 'before')
      if (shaken !== undefined) return shaken
      if (naming.params(request.path) === undefined) {
        const detail = `This hook takes the path ${settings.path} behind its URL. Send it there.`
        return { kind: 'refused', refusal: refuse(404, 'path-unknown', detail) }
      }
      if (!settings.methods.includes(request.method)) {
        const detail = `${request.method} is not answered here. Send ${settings.methods.join(', ')}.`
        return { kind: 'refused', refusal: refuse(405, 'method-not-allowed', detail) }
      }
      if (provider !== undefined && mayBeChallenge(provider, request.body)) {
        return { kind: 'refused', refusal: noDelivery }
      }
      return andThen(open(request, nowMs), (opened) => {
        if (!opened.ok) return { kind: 'refused', refusal: opened }
        const { verified } = opened
        const body = conceal(opened.body)
        const read = readMessage(body, request.header('content-type'), provider?.unwrap)
        return andThen(read, (read) => admitted(request, { ok: true, body, verified }, read))
      })
    },
    async vouch(request) {
      const unpacked = await decodeContent(request.body, request.header('content-encoding'), bodyBytesMax)
      if (!unpacked.ok) return { kind: 'refused', refusal: unpacked }
      const { body } = unpacked
      const read = await readMessage(body, request.header('content-type'), provider?.unwrap)
      return admitted(request, { ok: true, body, verified: false }, read)
    },
  }

  type Opened = { readonly ok: true; readonly body: Buffer; readonly verified: boolean } | Refusal

  /**
   * Verifies the bytes as received; only if they do not match and are packed, the unpacked ones: some senders sign before
   * they pack, and either signature covers what will be read.
   */
  function open(request: InboundRequest, nowMs: number): Soon<Opened> {
    const packing = request.header('content-encoding')
    return andThen(verifier.verify(request, nowMs), (verdict) =>
      isEncoded(packing) ? unpack(request, packing, verdict, nowMs) : accept(verdict, request.body),
    )
  }

  async function unpack(
    request: InboundRequest,
    packing: string | undefined,
    verdict: Verdict,
    nowMs: number,
  ): Promise<Opened> {
    if (!verdict.ok && verdict.reason !== 'signature-mismatch') return verdict
    const unpacked = await decodeContent(request.body, packing, bodyBytesMax)
    if (!unpacked.ok) return verdict.ok ? unpacked : verdict
    const again = verdict.ok ? verdict : await verifier.verify(request.withBody(unpacked.body), nowMs)
    return accept(again, unpacked.body)
  }

  function admitted(
    request: InboundRequest,
    { body, verified }: Extract<Opened, { ok: true }>,
    read: ReadMessage,
  ): Admission {
    if (!read.ok) return { kind: 'refused', refusal: read }
    const { message, json } = read
    const shaken = shake(request, 'after', message)
    if (shaken !== undefined) return shaken
    const items = settings.items === 'each' ? itemsOf(message, json) : undefined
    if (items !== undefined && items.length > itemsMax) {
      const detail = `The list has ${items.length} items; at most ${itemsMax} are taken in one request. Send fewer at once.`
      return { kind: 'refused', refusal: refuse(413, 'too-many-items', detail) }
    }
    const told = items?.map((item): EventAdmission => ({
      kind: 'event',
      ...item,
      body: Buffer.from(item.json),
      verified,
      ...tell(request, item.message),
    }))
    const keys = keysOfItems(told?.map(({ dedupe }) => dedupe) ?? [])
    return {
      kind: 'event',
      message,
      json,
      body,
      verified,
      ...tell(request, message),
      ...(told && { items: told.map((each, at) => ({ ...each, dedupe: keys[at] ?? each.dedupe })) }),
    }
  }

  function shake(request: InboundRequest, order: 'before' | 'after', fields?: Json): Admission | undefined {
    if (provider?.handshakes === undefined) return undefined
    const given = { provider, order, secrets, verifyToken, topic, username, fields }
    const answer = answerHandshake(request, given)
    if (answer === undefined) return undefined
    return answer.ok ? { kind: 'handshake', answer } : { kind: 'refused', refusal: answer }
  }

  function tell(request: InboundRequest, message: Json) {
    const known: Pick<Provider, 'delivery' | 'retry'> = provider ?? {}
    const readable = { request, fields: message }
    return {
      type: naming.type({ request, message }),
      dedupe: dedupeKey(settings.dedupe.key, { provider: known, request, message }),
      naming,
      isRetry: isRepeated(known.retry, readable),
    }
  }
}

function isRepeated(retry: Provider['retry'], readable: Readable): boolean {
  const text = retry && textAt(retry.from, readable)
  return text !== undefined && text !== '' && text !== retry?.unless
}

const noDelivery = refuse(
  401,
  'signature-mismatch',
  'The body is a challenge and no event: whoever asks gets a challenge signed, so that its signature proves nothing.',
)

const accept = (verdict: Verdict, body: Buffer) =>
  verdict.ok ? ({ ok: true, body, verified: verdict.verified } as const) : verdict

function checkAddress(
  allowed: ReturnType<typeof compileAddresses> | undefined,
  ip: string,
): Refusal | undefined {
  if (allowed === undefined || (allowed.ok && (allowed.list satisfies AddressList).includes(ip)))
    return undefined
  return refuse(
    403,
    'address-not-allowed',
    `The address ${ip} is not among those that this workflow accepts.`,
  )
}
