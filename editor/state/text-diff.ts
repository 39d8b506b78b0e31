/** What is different between two texts, word by word where that is quick, else line by line. */

export interface TextPiece {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Myers' search takes time and room for each difference: more than this is a new text rather than a changed one. */
const differencesMax = 400
const wordsMax = 5_000

/** The pieces in order: those that are `same` or `removed` make the old text, `same` or `added` the new. */
export function diffTexts(before: string, after: string): readonly TextPiece[] {
  const words = [wordsOf(before), wordsOf(after)] as const
  const byWord = words[0].length + words[1].length <= wordsMax ? search(...words) : undefined
  const found = byWord ?? search(linesOf(before), linesOf(after))
  return joined(
    found ?? [
      { kind: 'removed', text: before },
      { kind: 'added', text: after },
    ],
  )
}

const wordsOf = (text: string): readonly string[] => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? []
const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** E. Myers, "An O(ND) difference algorithm and its variations" (1986); `undefined` when there are too many differences. */
function search(a: readonly string[], b: readonly string[]): readonly TextPiece[] | undefined {
  const furthest = new Map([[1, 0]])
  const trace: ReadonlyMap<number, number>[] = []
  for (let distance = 0; distance <= differencesMax; distance += 1) {
    trace.push(new Map(furthest))
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const [down, right] = [furthest.get(diagonal + 1) ?? -1, (furthest.get(diagonal - 1) ?? -1) + 1]
      let x = diagonal === -distance || (diagonal !== distance && right - 1 < down) ? down : right
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1
      furthest.set(diagonal, x)
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, a, b)
    }
  }
  return undefined
}

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  a: readonly string[],
  b: readonly string[],
): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  let [x, y] = [a.length, b.length]
  for (let distance = trace.length - 1; distance >= 0; distance -= 1) {
    const furthest = trace[distance] ?? new Map<number, number>()
    const diagonal = x - y
    const [down, right] = [furthest.get(diagonal + 1) ?? -1, furthest.get(diagonal - 1) ?? -1]
    const from =
      diagonal === -distance || (diagonal !== distance && right < down) ? diagonal + 1 : diagonal - 1
    const beforeX = furthest.get(from) ?? 0
    const beforeY = beforeX - from
    while (x > beforeX && y > beforeY && x > 0 && y > 0) {
      pieces.push({ kind: 'same', text: a[x - 1] ?? '' })
      x -= 1
      y -= 1
    }
    if (distance === 0) break
    if (x === beforeX) pieces.push({ kind: 'added', text: b[beforeY] ?? '' })
    else pieces.push({ kind: 'removed', text: a[beforeX] ?? '' })
    x = beforeX
    y = beforeY
  }
  return pieces.toReversed()
}

/**
 * Neighbours of one kind are one piece; between two differences, what was removed stands before what was added. A space
 * between two replaced words belongs to both, or the pieces would be words of two texts in turn.
 */
function joined(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const result: TextPiece[] = []
  let removed = ''
  let added = ''
  let gap = ''
  const settle = () => {
    if (removed !== '') result.push({ kind: 'removed', text: removed })
    if (added !== '') result.push({ kind: 'added', text: added })
    removed = ''
    added = ''
  }
  const same = (text: string) => {
    settle()
    const last = result.at(-1)
    if (text === '') return
    if (last?.kind === 'same') result[result.length - 1] = { kind: 'same', text: last.text + text }
    else result.push({ kind: 'same', text })
  }
  for (const { kind, text } of pieces) {
    if (kind === 'same' && text.trim() === '' && removed !== '' && added !== '') {
      gap += text
      continue
    }
    if (kind === 'same') same(gap + text)
    else {
      removed += gap
      added += gap
      if (kind === 'removed') removed += text
      else added += text
    }
    gap = ''
  }
  same(gap)
  return result
}
