import { crc32 } from 'node:zlib'
import type { Json } from '../../nodes/contract/json.ts'
import { readSource } from '../../nodes/contract/scheme.ts'
import {
  type SignedLine,
  type SignedName,
  type SignedPiece,
  parseSignedText,
} from '../../nodes/contract/signed-text.ts'
import type { Pieces } from './hmac.ts'
import type { InboundRequest } from './request.ts'
import { type Readable, textAt, textsAt } from './source.ts'

/** What a template's names stand for in one request. */
export interface SignedValues {
  readonly request: InboundRequest
  readonly parts: ReadonlyMap<string, readonly string[]>
  /** Where paths into the body start; the whole body when left out. */
  readonly fields?: Json | undefined
  readonly timestamp: string
  readonly id: string
  readonly secret: string
  /** The public URL, in the form that is tried. */
  readonly url: string
}

type Piece = (values: SignedValues) => string | Buffer

export interface SignedText {
  /** What is signed, in pieces, in order; the body is the very buffer that was received. */
  pieces(values: SignedValues): Pieces
  /** What follows `{id}`: an id that holds it could be read in two ways, and is refused. */
  readonly afterId: string
  /** Names what the signature covers and the request does not carry; `undefined` when nothing is missing. */
  missing(readable: Readable): string | undefined
}

/** Makes a template such as `v0:{timestamp}:{body}` ready for requests; or names the placeholder that stands for nothing. */
export function compileSignedText(
  template: string,
): { readonly ok: true; readonly text: SignedText } | { readonly ok: false; readonly unknown: string } {
  const parsed = parseSignedText(template)
  if (!parsed.ok) return parsed
  const pieces = parsed.pieces.map(compilePiece)
  const id = parsed.pieces.findIndex((piece) => piece.kind === 'value' && piece.name === 'id')
  const after = id === -1 ? undefined : parsed.pieces[id + 1]
  const afterId = after?.kind === 'literal' ? after.text : ''
  const demands = parsed.pieces.flatMap(compileDemand)
  const missing = (readable: Readable) => {
    for (const demand of demands) {
      const lack = demand(readable)
      if (lack !== undefined) return lack
    }
    return undefined
  }
  return { ok: true, text: { pieces: (values) => pieces.map((piece) => piece(values)), afterId, missing } }
}

const values: Readonly<Record<SignedName, Piece>> = {
  body: ({ request }) => request.body,
  timestamp: ({ timestamp }) => timestamp,
  id: ({ id }) => id,
  secret: ({ secret }) => secret,
  url: ({ url }) => url,
  method: ({ request }) => request.method,
  path: ({ request }) => request.path,
  form: ({ request }) => formText(request),
  crc32: ({ request }) => `${crc32(request.body)}`,
}

function compilePiece(piece: SignedPiece): Piece {
  if (piece.kind === 'literal') return () => piece.text
  if (piece.kind === 'value') return values[piece.name]
  if (piece.kind === 'lines') {
    return (readable) => piece.fields.map((field) => lineOf(field, readable)).join('')
  }
  if (piece.kind === 'headers') {
    return ({ request, parts }) => {
      const texts = namedHeaders(piece.part, parts).map((name) => request.header(name) ?? '')
      return Buffer.from(texts.join('.'), 'latin1')
    }
  }
  const source = readSource(`${piece.place}:${piece.name}`)
  return (readable) => {
    // A place that holds nothing stands for no text.
    const text = textsAt(source, readable)[0] ?? ''
    // Node reads header bytes as latin1: so written, they are the bytes that the sender signed.
    return piece.place === 'header' || piece.place === 'part' ? Buffer.from(text, 'latin1') : text
  }
}

type Demand = (readable: Readable) => string | undefined

function compileDemand(piece: SignedPiece): readonly Demand[] {
  if (piece.kind === 'lines') {
    const required = piece.fields.filter(({ optional }) => !optional)
    return required.map(({ name }) => (readable) => {
      return textAt({ body: name }, readable) === undefined ? `"${name}" in the body` : undefined
    })
  }
  if (piece.kind !== 'headers') return []
  return [
    ({ request, parts = new Map() }) => {
      const names = namedHeaders(piece.part, parts)
      const absent = names.find((name) => request.header(name) === undefined || request.isRepeated(name))
      if (names.length === 0) return `the part "${piece.part}" of the signature header`
      return absent === undefined ? undefined : `the header "${absent.slice(0, 100)}"`
    },
  ]
}

/** Names as the sender wrote them, one space between two. */
const namedHeaders = (part: string, parts: ReadonlyMap<string, readonly string[]>): readonly string[] => {
  const [text = '', ...more] = parts.get(part) ?? []
  return text === '' || more.length > 0 ? [] : text.split(' ').map((name) => name.toLowerCase())
}

function lineOf({ name }: SignedLine, readable: Readable): string {
  const text = textAt({ body: name }, readable)
  return text === undefined ? '' : `${name}\n${text}\n`
}

/** Twilio: each field's name and value, sorted by name; the values of one name sorted and each once. */
function formText(request: InboundRequest): string {
  const fields = new Map<string, Set<string>>()
  for (const [name, value] of new URLSearchParams(request.body.toString('utf8'))) {
    fields.set(name, (fields.get(name) ?? new Set()).add(value))
  }
  return [...fields]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, list]) =>
      [...list]
        .toSorted()
        .map((value) => name + value)
        .join(''),
    )
    .join('')
}
