/** Why requests are refused, in words, and what a person changes so that the next one is let in. */

export interface Reason {
  readonly title: string
  /** What to change, and where; absent when the server's own sentence says it. */
  readonly change?: string
}

const checkSecret =
  'Compare the secret in the webhook node with the one at the sender: they must be the same text. If something between the two changes the body (a proxy, a gateway), let it pass the bytes on as they are.'
const checkScheme =
  'Look whether the webhook node’s verification is the one of this sender, and whether the sender’s settings (version, algorithm, format) are those that its setup steps name.'
const setSecretThere = 'Set the secret at the sender too, so that it signs what it sends.'
const clock =
  'Let the sender’s clock and this machine’s be set by the network. A request that was kept and sent again later must be signed anew, or the tolerance in the webhook node be longer.'
const body = 'Let the sender write the body as its Content-Type says.'

const reasons: Readonly<Record<string, Reason>> = {
  'signature-mismatch': { title: 'The signature did not match', change: checkSecret },
  'signature-missing': { title: 'There was no signature', change: setSecretThere },
  'signature-malformed': { title: 'The signature could not be read', change: checkScheme },
  'signature-repeated': { title: 'The signature came more than once' },
  'timestamp-missing': { title: 'There was no timestamp', change: checkScheme },
  'timestamp-malformed': { title: 'The timestamp could not be read', change: checkScheme },
  'timestamp-too-old': { title: 'The timestamp was too old', change: clock },
  'timestamp-in-future': { title: 'The timestamp lay in the future', change: clock },
  'signed-part-missing': { title: 'Something that is signed was missing', change: checkScheme },
  'certificate-refused': {
    title: 'The certificate is not the sender’s',
    change:
      'Look whether the variant (live or sandbox) is the one that sends. If it is, somebody else made this request.',
  },
  'key-not-found': {
    title: 'The sender does not know the key',
    change: 'If the sender’s own requests are refused so, choose the variant (live or sandbox) that sends.',
  },
  'keys-unreachable': {
    title: 'The sender’s keys could not be fetched',
    change:
      'Let this machine reach the host that is named here over HTTPS; the sender tries again by itself.',
  },
  'visit-refused': { title: 'It asked to visit a URL that is not the sender’s' },
  'id-missing': { title: 'There was no delivery id', change: checkScheme },
  'id-malformed': { title: 'The delivery id could not be read', change: checkScheme },
  'token-missing': {
    title: 'There was no token',
    change: 'Let the sender add the secret where the webhook node looks for it.',
  },
  'token-mismatch': {
    title: 'The token was another one',
    change:
      'Compare the secret in the webhook node with the one that the sender shows: they must be the same text.',
  },
  'token-malformed': { title: 'The token could not be read', change: checkScheme },
  'token-repeated': { title: 'The token came more than once' },
  'secret-missing': {
    title: 'There is no secret to verify with',
    change: 'Open the webhook node and choose or add the secret, then publish.',
  },
  'secret-unusable': {
    title: 'The secret here cannot be used',
    change: 'Open the webhook node and paste the secret again, as the sender shows it, then publish.',
  },
  'scheme-unknown': {
    title: 'The verification is not known here',
    change: 'Open the webhook node and choose another verification, then publish.',
  },
  'scheme-unreadable': {
    title: 'The verification’s settings cannot be used',
    change: 'Open the webhook node and mend the signed text, then publish.',
  },
  'handshake-topic': {
    title: 'The hub asked about another topic',
    change: 'Enter the topic’s URL in the webhook node exactly as it was subscribed to, and publish.',
  },
  'handshake-shown': {
    title: 'The sender sent a text to paste',
    change:
      'Open the body, paste the text where the sender asks for it and into the secret field, then publish.',
  },
  'handshake-token': {
    title: 'The verify token was another one',
    change:
      'Type the verify token of the webhook node at the sender, letter by letter, and confirm there again.',
  },
  'handshake-secret': {
    title: 'The handshake needs a secret that is not set',
    change: 'Open the webhook node, set the secret, and publish.',
  },
  'handshake-challenge': { title: 'The handshake could not be read' },
  'address-not-allowed': {
    title: 'It came from an address that is not allowed',
    change:
      'If this sender is right, add its address to the allowed addresses of the webhook node, then publish. Behind a proxy, set HOOKLOOM_TRUST_PROXY so that the sender’s own address is seen.',
  },
  'method-not-allowed': {
    title: 'This method is not accepted',
    change: 'Add the method in the webhook node and publish, or let the sender use one that is accepted.',
  },
  unpublished: {
    title: 'The workflow was not published',
    change: 'Publish the workflow, then accept this request by hand: it runs as if it had come then.',
  },
  unfinished: {
    title: 'The draft has no usable webhook node',
    change: 'Mend the webhook node, then send this again.',
  },
  'too-large': {
    title: 'The body was too large',
    change: 'Raise the limit in the webhook node if such bodies are right, publish, and have it sent again.',
  },
  'headers-too-large': {
    title: 'The headers were too large',
    change: 'Let the sender, or the proxy before it, add fewer headers.',
  },
  timeout: {
    title: 'The body came too slowly',
    change: 'Have it sent again. If it happens often, look at the line between the sender and this server.',
  },
  'invalid-json': { title: 'The body is not JSON', change: body },
  'invalid-xml': { title: 'The body is not well-formed XML', change: body },
  'invalid-multipart': { title: 'The form could not be read', change: body },
  'invalid-utf-8': { title: 'The body is not UTF-8', change: 'Let the sender write UTF-8.' },
  'invalid-text': { title: 'The body’s text could not be read', change: 'Let the sender write UTF-8.' },
  'unknown-charset': { title: 'The body’s charset is not known here', change: 'Let the sender write UTF-8.' },
  'unknown-encoding': {
    title: 'The body’s packing is not known here',
    change: 'Let the sender send it unpacked, or as gzip.',
  },
  'bad-encoding': {
    title: 'The body could not be unpacked',
    change: 'Let the sender send it unpacked, or name the right Content-Encoding.',
  },
  'too-many-fields': { title: 'The form has too many fields' },
  'too-deep': { title: 'The body is nested too deep' },
  'xml-entities': { title: 'The XML declares entities of its own' },
}

/** A reason that is not known here is shown by its code. */
export function reasonOf(code: string): Reason {
  if (Object.hasOwn(reasons, code)) return reasons[code] ?? { title: code }
  const words = code.replaceAll('-', ' ')
  return { title: words.charAt(0).toUpperCase() + words.slice(1) }
}

export const reasonCodes: readonly string[] = Object.keys(reasons)

/** Refused before the last byte: what is kept of the body is not all of it. */
const cutShort: ReadonlySet<number> = new Set([408, 413, 431])
export const isWhole = (status: number): boolean => !cutShort.has(status)

/** Whether the sender's secret or signature is what did not fit: then its own setup steps help. */
export const isAboutSender = (code: string): boolean =>
  /^(signature|token|timestamp|handshake|id)-/.test(code)
