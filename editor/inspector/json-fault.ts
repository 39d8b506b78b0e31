/**
 * Where a text stops being JSON, which the browser's own parser does not say for short texts. For a text that is JSON it
 * returns the text's length.
 */
export function faultAt(text: string): number {
  const token =
    // oxlint-disable-next-line no-control-regex -- they may not stand in a JSON string
    /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y
  const open: string[] = []
  let wanted = value
  for (;;) {
    const from = skipSpace(text, token.lastIndex)
    const found = token.exec(text)
    if (found === null) return from
    const [, sign, string] = found
    const kind = kindOf(sign, string, wanted)
    if (!wanted.includes(kind)) return from
    if (kind === '{' || kind === '[') open.push(kind)
    if (kind === '}' || kind === ']') open.pop()
    wanted = next(kind, open.at(-1))
    if (wanted.length === 0) return skipSpace(text, token.lastIndex)
  }
}

/** `{` and `[` are values too, as far as where they may stand goes. */
type Kind = 'value' | 'name' | '{' | '}' | '[' | ']' | ',' | ':'

function kindOf(sign: string | undefined, string: string | undefined, wanted: readonly Kind[]): Kind {
  if (sign === undefined) return string !== undefined && wanted.includes('name') ? 'name' : 'value'
  return sign as Kind
}

const value: readonly Kind[] = ['value', '{', '[']

function next(kind: Kind, inside: string | undefined): readonly Kind[] {
  if (kind === '{') return ['name', '}']
  if (kind === '[') return [...value, ']']
  if (kind === 'name') return [':']
  if (kind === ':') return value
  if (kind === ',') return inside === '{' ? ['name'] : value
  if (inside === undefined) return []
  return inside === '{' ? [',', '}'] : [',', ']']
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1
  return at
}
