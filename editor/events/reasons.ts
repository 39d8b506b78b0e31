/** Why requests are refused, in a few words each; what to change is the doctor's to say. */

const titles: Readonly<Record<string, string>> = {
  'signature-mismatch': 'The signature did not match',
  'signature-missing': 'There was no signature',
  'signature-malformed': 'The signature could not be read',
  'signature-repeated': 'The signature came more than once',
  'timestamp-missing': 'There was no timestamp',
  'timestamp-malformed': 'The timestamp could not be read',
  'timestamp-too-old': 'The timestamp was too old',
  'timestamp-in-future': 'The timestamp lay in the future',
  'signed-part-missing': 'Something that is signed was missing',
  'certificate-refused': 'The certificate is not the sender’s',
  'key-not-found': 'The sender does not know the key',
  'keys-unreachable': 'The sender’s keys could not be fetched',
  'visit-refused': 'It asked to visit a URL that is not the sender’s',
  'id-missing': 'There was no delivery id',
  'id-malformed': 'The delivery id could not be read',
  'token-missing': 'There was no token',
  'token-mismatch': 'The token was another one',
  'token-malformed': 'The token could not be read',
  'token-repeated': 'The token came more than once',
  'secret-missing': 'There is no secret to verify with',
  'secret-unusable': 'The secret here cannot be used',
  'scheme-unknown': 'The verification is not known here',
  'scheme-unreadable': 'The verification’s settings cannot be used',
  'handshake-topic': 'The hub asked about another topic',
  'handshake-shown': 'The sender sent a text to paste',
  'handshake-token': 'The verify token was another one',
  'handshake-secret': 'The handshake needs a secret that is not set',
  'handshake-challenge': 'The handshake could not be read',
  'certificate-required': 'The caller showed no certificate',
  'path-unknown': 'The path is not one that the hook takes',
  'too-many-items': 'The list had too many items',
  'address-not-allowed': 'It came from an address that is not allowed',
  'method-not-allowed': 'This method is not accepted',
  limited: 'It was over a limit',
  unpublished: 'The workflow was not published',
  unfinished: 'The draft has no usable webhook node',
  'too-large': 'The body was too large',
  'headers-too-large': 'The headers were too large',
  timeout: 'The body came too slowly',
  'invalid-json': 'The body is not JSON',
  'invalid-xml': 'The body is not well-formed XML',
  'invalid-multipart': 'The form could not be read',
  'invalid-utf-8': 'The body is not UTF-8',
  'invalid-text': 'The body’s text could not be read',
  'unknown-charset': 'The body’s charset is not known here',
  'unknown-encoding': 'The body’s packing is not known here',
  'bad-encoding': 'The body could not be unpacked',
  'too-many-fields': 'The form has too many fields',
  'too-deep': 'The body is nested too deep',
  'xml-entities': 'The XML declares entities of its own',
}

/** A reason that is not known here is shown by its code. */
export function reasonOf(code: string): string {
  if (Object.hasOwn(titles, code)) return titles[code] ?? code
  const words = code.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const reasonCodes: readonly string[] = Object.keys(titles)

/** Refused before the last byte: what is kept of the body is not all of it. */
const cutShort: ReadonlySet<number> = new Set([408, 413, 429, 431, 503])
export const isWhole = (status: number): boolean => !cutShort.has(status)

/** Whether the sender's secret or signature is what did not fit: then its own setup steps help. */
export const isAboutSender = (code: string): boolean =>
  /^(signature|token|timestamp|handshake|id)-/.test(code)
