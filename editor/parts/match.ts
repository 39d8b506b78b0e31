/**
 * How well texts answer a search: 0 = not at all, 1 = best. Every word of the search must stand in one of them; the earlier
 * text counts more, and so does the start of a word.
 */
export function match(search: string, ...texts: readonly string[]): number {
  const words = wordsOf(search)
  if (words.length === 0) return 1
  const scores = words.map((word) =>
    Math.max(0, ...texts.map((text, index) => place(word, text.toLowerCase()) / (1 + index))),
  )
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length
}

export const wordsOf = (search: string): readonly string[] =>
  search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')

function place(word: string, text: string): number {
  const at = text.indexOf(word)
  if (at === -1) return 0
  if (text === word) return 1
  if (at === 0) return 0.9
  return /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') ? 0.5 : 0.8
}
