import { describeUnknown } from './failure.ts'

/** A regular expression as its author writes it in a rule. */
export interface Pattern {
  /** Means the same as what was written, and can stand between two slashes in a JSONata expression. */
  readonly source: string
  readonly flags: '' | 'i'
}

const patternLengthMax = 1_000

/**
 * Reads a pattern in JavaScript's syntax; a leading `(?i)` makes upper and lower case equal.
 * It is parsed here and never run here: patterns run in the sandbox, where one that takes too long can be killed.
 */
export function parsePattern(text: string): Pattern | { readonly problem: string } {
  if (text.length > patternLengthMax) {
    return { problem: `a pattern is at most ${patternLengthMax} characters long` }
  }
  const flags = text.startsWith('(?i)') ? 'i' : ''
  const written = flags === 'i' ? text.slice(4) : text
  try {
    return { source: enclosed(new RegExp(written, flags).source), flags }
  } catch (error) {
    return { problem: `this pattern does not parse: ${describeUnknown(error)}` }
  }
}

/**
 * JSONata finds the end of a pattern by counting brackets of all kinds and looking one character back for a backslash, so
 * `[(]`, `\\/` or a lone `}` would let a pattern run on into the expression, or end too early. Here every slash, every
 * escaped backslash and every bracket that is not structure becomes `\x..`, which leaves only brackets in pairs.
 */
function enclosed(source: string): string {
  let out = ''
  let inClass = false
  for (let at = 0; at < source.length; at += 1) {
    const char = source.charAt(at)
    if (char === '\\') {
      at += 1
      const escaped = source.charAt(at)
      out += /[\\/()[\]{}]/.test(escaped) ? hex(escaped) : `\\${escaped}`
    } else if (char === '/' || (inClass && /[()[{}]/.test(char))) {
      out += hex(char)
    } else if (char === '[' || (char === ']' && inClass)) {
      inClass = char === '['
      out += char
    } else if (char === '{') {
      const quantifier = /^\{\d+(,\d*)?\}/.exec(source.slice(at))?.[0]
      out += quantifier ?? hex(char)
      at += (quantifier?.length ?? 1) - 1
    } else {
      out += char === ']' || char === '}' ? hex(char) : char
    }
  }
  return out
}

const hex = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
