/**
 * Templates of what is signed: `v0:{timestamp}:{body}`. Read here for the editor's checks, obeyed in
 * `server/inbound/signed-text.ts`.
 */
export type SignedPiece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'value'; readonly name: SignedName }
  | { readonly kind: 'source'; readonly place: 'header' | 'query' | 'part' | 'body'; readonly name: string }

const signedNames = ['body', 'timestamp', 'id', 'secret', 'url', 'method', 'path', 'form'] as const
export type SignedName = (typeof signedNames)[number]

export type SignedTemplate =
  | { readonly ok: true; readonly pieces: readonly SignedPiece[] }
  /** The first placeholder that stands for nothing. */
  | { readonly ok: false; readonly unknown: string }

const placeholder = /\{([A-Za-z0-9]+)(?::([^{}]+))?\}/g

/** Reads a template; see `SignatureScheme.signed` for its names. */
export function parseSignedText(template: string): SignedTemplate {
  const pieces: SignedPiece[] = []
  let end = 0
  const literal = (text: string) => text !== '' && pieces.push({ kind: 'literal', text })
  for (const match of template.matchAll(placeholder)) {
    const [whole, name = '', argument] = match
    literal(template.slice(end, match.index))
    const piece = argument === undefined ? valuePiece(name) : sourcePiece(name, argument)
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

function sourcePiece(place: string, name: string): SignedPiece | undefined {
  return place === 'header' || place === 'query' || place === 'part' || place === 'body'
    ? { kind: 'source', place, name }
    : undefined
}
