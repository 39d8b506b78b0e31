/** How JSON is set: what stands between its pieces. With an indent, each piece has a line of its own. */
export interface JsonLayout {
  readonly comma: string
  readonly colon: string
  readonly indent: string
}

/**
 * How strings are escaped. `as-written`: as they came. `utf-8`: only what must be. `ascii`: everything beyond ASCII, as
 * Python does. `slashes`: that and `/`, as PHP does. `html`: `<`, `>` and `&`, as Go does.
 */
export type Escaping = 'as-written' | 'utf-8' | 'ascii' | 'slashes' | 'html'

const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/**
 * The same JSON set anew. Its pieces stay as they are written, numbers above all, so that it differs from the text in
 * white space and escapes only.
 * @param text valid JSON
 */
export function layOut(text: string, { comma, colon, indent }: JsonLayout, escaping: Escaping): string {
  const pieces = text.match(token) ?? []
  const line = (depth: number) => (indent === '' ? '' : `\n${indent.repeat(depth)}`)
  let depth = 0
  let laidOut = ''
  for (const [at, piece] of pieces.entries()) {
    if (piece === '{' || piece === '[') {
      depth += 1
      const isEmpty = pieces[at + 1] === '}' || pieces[at + 1] === ']'
      laidOut += isEmpty ? piece : piece + line(depth)
    } else if (piece === '}' || piece === ']') {
      depth -= 1
      const isEmpty = pieces[at - 1] === '{' || pieces[at - 1] === '['
      laidOut += isEmpty ? piece : line(depth) + piece
    } else if (piece === ',') laidOut += comma + line(depth)
    else if (piece === ':') laidOut += colon
    else laidOut += piece.startsWith('"') ? escaped(piece, escaping) : piece
  }
  return laidOut
}

function escaped(piece: string, escaping: Escaping): string {
  if (escaping === 'as-written') return piece
  const plain = JSON.stringify(JSON.parse(piece))
  if (escaping === 'utf-8') return plain
  if (escaping === 'html') return plain.replaceAll(/[<>&\u2028\u2029]/g, unicode)
  const ascii = plain.replaceAll(/[^\0-\x7f]/g, unicode)
  return escaping === 'slashes' ? ascii.replaceAll('/', '\\/') : ascii
}

/** One code unit at a time: a character beyond the first plane is a pair. */
const unicode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
