/**
 * JSONata's words, one after the other: what is coloured in an editor and what completion reads are the same. Text that is
 * still being typed has its tokens too; nothing is refused here.
 */
export type TokenKind =
  | 'name'
  | 'quoted'
  | 'variable'
  | 'string'
  | 'number'
  | 'regex'
  | 'comment'
  | 'keyword'
  | 'operator'
  | 'bracket'

export interface Token {
  readonly kind: TokenKind
  readonly from: number
  readonly to: number
  readonly text: string
  /** Whether a string, a quoted name, a comment or a regular expression has its end. */
  readonly closed: boolean
}

const keywords: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function', 'λ'])
/** After these a value is expected, so that a slash begins a regular expression. */
const joining: ReadonlySet<string> = new Set(['and', 'or', 'in'])
const longOperators = [':=', '~>', '!=', '<=', '>=', '..', '**', '?:', '??']
const numberForm = /(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
const wordForm = /[^\s.[\]{}(),@#;:?+\-*/%|=<>^&!~"'`]+/y

export const tokensOf = (source: string): readonly Token[] => readTokens(source, 0, 'to the end').tokens

/**
 * The tokens from a place on. `to the braces`: up to the first `}}` outside of all brackets, whose place is `end`;
 * -1 when there is none.
 */
export function readTokens(
  source: string,
  from: number,
  until: 'to the end' | 'to the braces',
): { readonly tokens: readonly Token[]; readonly end: number } {
  const tokens: Token[] = []
  let depth = 0
  let afterValue = false
  let at = from
  const add = (kind: TokenKind, to: number, closed = true) => {
    tokens.push({ kind, from: at, to, text: source.slice(at, to), closed })
    afterValue = kind !== 'operator' && kind !== 'comment' ? true : kind === 'comment' && afterValue
    at = to
  }
  while (at < source.length) {
    const character = source.charAt(at)
    if (/\s/.test(character)) at += 1
    else if (character === '}' && depth === 0 && until === 'to the braces') {
      if (source.charAt(at + 1) === '}') return { tokens, end: at }
      add('bracket', at + 1)
    } else if (source.startsWith('/*', at)) {
      const end = source.indexOf('*/', at + 2)
      add('comment', end < 0 ? source.length : end + 2, end >= 0)
    } else if (character === '"' || character === "'" || character === '`') {
      const end = endOfQuote(source, at + 1, character)
      add(character === '`' ? 'quoted' : 'string', end < 0 ? source.length : end, end >= 0)
    } else if (character === '/' && !afterValue) {
      const end = endOfRegex(source, at + 1)
      add('regex', end < 0 ? source.length : end, end >= 0)
    } else if ('([{'.includes(character)) {
      depth += 1
      add('bracket', at + 1)
      afterValue = false
    } else if (')]}'.includes(character)) {
      depth = Math.max(0, depth - 1)
      add('bracket', at + 1)
    } else {
      const long = longOperators.find((operator) => source.startsWith(operator, at))
      if (long !== undefined) add('operator', at + long.length)
      else if ('.,@#;:?+-*/%|=<>^&!~'.includes(character)) {
        // Where a value is expected a star and a percent sign are values themselves: every child, the parent.
        const isValue: boolean = '*%'.includes(character) && !afterValue
        add('operator', at + 1)
        afterValue = isValue
      } else addWord()
    }
  }
  return { tokens, end: until === 'to the end' ? source.length : -1 }

  function addWord(): void {
    numberForm.lastIndex = at
    const number = numberForm.exec(source)?.[0]
    if (number !== undefined) return add('number', at + number.length)
    wordForm.lastIndex = at
    const word = wordForm.exec(source)?.[0] ?? source.charAt(at)
    if (word.startsWith('$')) return add('variable', at + word.length)
    const isKeyword = keywords.has(word) && !(joining.has(word) && !afterValue)
    add(isKeyword ? 'keyword' : 'name', at + word.length)
    if (isKeyword && joining.has(word)) afterValue = false
  }
}

/** Behind the closing quote, or -1; backslashes escape in strings, not in quoted names. */
function endOfQuote(source: string, from: number, quote: string): number {
  for (let at = from; at < source.length; at += 1) {
    const character = source.charAt(at)
    if (character === '\\' && quote !== '`') at += 1
    else if (character === quote) return at + 1
  }
  return -1
}

/** JSONata's own rule: a slash closes unless it is escaped or within brackets. */
function endOfRegex(source: string, from: number): number {
  let depth = 0
  for (let at = from; at < source.length; at += 1) {
    const character = source.charAt(at)
    if (character === '\\') at += 1
    else if (character === '/' && depth === 0) return /[im]/.test(source.charAt(at + 1)) ? at + 2 : at + 1
    else if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) depth -= 1
  }
  return -1
}
