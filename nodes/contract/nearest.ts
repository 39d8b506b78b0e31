/** The name that was most likely meant: at most a third of its letters are other ones. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const distances = names.map((name) => ({
    name,
    distance: distance(written.toLowerCase(), name.toLowerCase()),
  }))
  const [best] = distances.toSorted((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= Math.max(1, Math.ceil(best.name.length / 3))
    ? best.name
    : undefined
}

/** Longer texts are no misspelling of a name, and comparing costs their product. */
const comparedLengthMax = 64

/** Levenshtein's: how many letters are to be put in, taken out or changed. */
function distance(from: string, to: string): number {
  if (from.length > comparedLengthMax) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: to.length + 1 }, (_, n) => n)
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= to.length; j += 1) {
      const [left = 0, above = 0, diagonal = 0] = [next[j - 1], row[j], row[j - 1]]
      next.push(Math.min(left + 1, above + 1, diagonal + (from[i - 1] === to[j - 1] ? 0 : 1)))
    }
    row = next
  }
  return row[to.length] ?? 0
}
