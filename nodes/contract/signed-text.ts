/**
 * Templates of what is signed: `v0:{timestamp}:{body}`. Read here for the editor's checks, obeyed in
 * `server/inbound/signed-text.ts`. What stands outside braces is literal; inside them:
 *
 * | name | stands for |
 * | --- | --- |
 * | `{body}` | the raw bytes of the body |
 * | `{timestamp}`, `{id}` | the text at the scheme's `timestamp` and `id` |
 * | `{url}`, `{method}`, `{path}` | the hook's public URL as it was called; the method; what follows the hook's token |
 * | `{secret}` | the secret, where it is a piece of what is signed |
 * | `{form}` | name and value of each form field, sorted by name (Twilio, Mandrill) |
 * | `{crc32}` | the CRC-32 of the body, decimal (PayPal) |
 * | `{header:NAME}`, `{query:NAME}`, `{part:NAME}`, `{body:PATH}` | the text at that place; nothing where it is absent |
 * | `{headers:PART}` | the values, joined by dots, of the headers that this part of the signature header names (Hook0) |
 * | `{lines:A,B?}` | name and value of these fields of the body, a line each; only one with `?` may be absent (SNS) |
 */
export type SignedPiece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly name: SignedName }
  | { readonly kind: 'source'; readonly place: (typeof places)[number]; readonly name: string }
  | { readonly kind: 'headers'; readonly part: string }
  | { readonly kind: 'lines'; readonly fields: readonly SignedLine[] }

/** A field of the body as two lines, its name and its value. */
export interface SignedLine {
  readonly name: string
  readonly optional: boolean
}

const signedNames = ['body', 'timestamp', 'id', 'secret', 'url', 'method', 'path', 'form', 'crc32'] as const
export type SignedName = (typeof signedNames)[number]
const places = ['header', 'query', 'part', 'body'] as const

export type SignedTemplate =
  | { readonly ok: true; readonly pieces: readonly SignedPiece[] }
  /** The first placeholder that stands for nothing. */
  | { readonly ok: false; readonly unknown: string }

const placeholder = /\{([A-Za-z0-9]+)(?::([^{}]+))?\}/g

export function parseSignedText(template: string): SignedTemplate {
  const pieces: SignedPiece[] = []
  let end = 0
  const literal = (text: string) => text !== '' && pieces.push({ kind: 'literal', text })
  for (const match of template.matchAll(placeholder)) {
    const [whole, name = '', argument] = match
    literal(template.slice(end, match.index))
    const piece = argument === undefined ? valuePiece(name) : placePiece(name, argument)
    if (piece === undefined) return { ok: false, unknown: whole }
    pieces.push(piece)
    end = match.index + whole.length
  }
  literal(template.slice(end))
  return { ok: true, pieces }
}

function valuePiece(name: string): SignedPiece | undefined {
  const known = signedNames.find((each) => each === name)
  return known && { kind: 'value', name: known }
}

function placePiece(name: string, argument: string): SignedPiece | undefined {
  if (name === 'headers') return { kind: 'headers', part: argument }
  if (name === 'lines') {
    const fields = argument
      .split(',')
      .map((field) => ({ name: field.replace(/\?$/, ''), optional: field.endsWith('?') }))
    return { kind: 'lines', fields }
  }
  const place = places.find((each) => each === name)
  return place && { kind: 'source', place, name: argument }
}
