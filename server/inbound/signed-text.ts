import { readSource } from '../../nodes/contract/scheme.ts'
import { parseSignedText, type SignedName, type SignedPiece } from '../../nodes/contract/signed-text.ts'
import type { InboundRequest } from './request.ts'
import { textsAt } from './source.ts'

/** What a template's names stand for in one request. */
export interface SignedValues {
  readonly request: InboundRequest
  readonly parts: ReadonlyMap<string, readonly string[]>
  readonly timestamp: string
  readonly id: string
  readonly secret: string
  /** The public URL, in the form that is tried. */
  readonly url: string
}

type Piece = (values: SignedValues) => string | Buffer

export interface SignedText {
  /** What is signed, in pieces, in order; the body is the very buffer that was received. */
  pieces(values: SignedValues): readonly (string | Buffer)[]
  /** What follows `{id}`: an id that holds it could be read in two ways, and is refused. */
  readonly afterId: string
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
  return { ok: true, text: { pieces: (values) => pieces.map((piece) => piece(values)), afterId } }
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
}

function compilePiece(piece: SignedPiece): Piece {
  if (piece.kind === 'literal') return () => piece.text
  if (piece.kind === 'value') return values[piece.name]
  const source = readSource(`${piece.place}:${piece.name}`)
  return ({ request, parts }) => {
    // A place that holds nothing stands for no text.
    const text = textsAt(source, { request, parts })[0] ?? ''
    // Node reads header bytes as latin1: so written, they are the bytes that the sender signed.
    return piece.place === 'header' || piece.place === 'part' ? Buffer.from(text, 'latin1') : text
  }
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
