/** A template's text as it stands, or an expression with the place where it begins. */
export type Part = { readonly text: string } | { readonly expression: string; readonly at: number }

/**
 * Runs inside an isolate as source text, so it uses nothing from outside itself.
 *
 * Splits `text {{ JSONata }} text`. An expression ends at the first `}}` that is outside its own brackets, strings, quoted
 * names, regular expressions and comments. `fault` is where a `{{` stands that is never closed.
 */
export function scanTemplate(source: string): { readonly parts: readonly Part[]; readonly fault?: number } {
  const parts: Part[] = []
  let from = 0
  for (;;) {
    const open = source.indexOf('{{', from)
    if (open < 0) return { parts: [...parts, { text: source.slice(from) }] }
    const at = open + 2
    const end = expressionEnd(at)
    if (end < 0) return { parts, fault: open }
    parts.push({ text: source.slice(from, open) }, { expression: source.slice(at, end), at })
    from = end + 2
  }

  function expressionEnd(start: number): number {
    let at = start
    let depth = 0
    // Whether a value has just ended: then `/` divides, else it opens a regular expression (JSONata's own rule).
    let afterValue = false
    while (at < source.length) {
      const character = source.charAt(at)
      if (character === '}' && depth === 0) {
        if (source.charAt(at + 1) === '}') return at
        at += 1
      } else if (character === '/' && source.charAt(at + 1) === '*') {
        const close = source.indexOf('*/', at + 2)
        if (close < 0) return -1
        at = close + 2
      } else if (character === '"' || character === "'" || character === '`') {
        at = after(character, at + 1)
        afterValue = true
      } else if (character === '/' && !afterValue) {
        at = afterRegex(at + 1)
        afterValue = true
      } else if (' \t\n\r\v'.includes(character)) {
        at += 1
      } else if ('([{'.includes(character)) {
        depth += 1
        at += 1
        afterValue = false
      } else if (')]}'.includes(character)) {
        depth = Math.max(0, depth - 1)
        at += 1
        afterValue = true
      } else if ('*%?'.includes(character)) {
        // Where a value is expected these are values themselves: wildcard, parent, placeholder.
        at += character === '*' && source.charAt(at + 1) === '*' ? 2 : 1
        afterValue = !afterValue
      } else if ('.,@#;:+-/|=<>^&!~'.includes(character)) {
        at += 1
        afterValue = false
      } else {
        const begin = at
        while (at < source.length && !' \t\n\r\v.[]{}(),@#;:?+-*/%|=<>^&!~"\'`'.includes(source.charAt(at)))
          at += 1
        afterValue = !(afterValue && ['and', 'or', 'in'].includes(source.slice(begin, at)))
      }
      if (at < 0) return -1
    }
    return -1
  }

  /** Behind the closing quote; backslashes escape in strings, not in quoted names. */
  function after(quote: string, start: number): number {
    for (let at = start; at < source.length; at += 1) {
      const character = source.charAt(at)
      if (character === '\\' && quote !== '`') at += 1
      else if (character === quote) return at + 1
    }
    return -1
  }

  /** As JSONata's tokenizer has it: a slash closes unless it is escaped or within brackets. */
  function afterRegex(start: number): number {
    let depth = 0
    for (let at = start; at < source.length; at += 1) {
      const character = source.charAt(at)
      if (character === '\\') at += 1
      else if (character === '/' && depth === 0) return at + 1
      else if ('([{'.includes(character)) depth += 1
      else if (')]}'.includes(character)) depth -= 1
    }
    return -1
  }
}
