/** Seconds as people write and read them: `90`, `5 min`, `1 h 30 min`. */
const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const

export function inWords(seconds: number): string {
  if (seconds < 1) return seconds === 0 ? 'at once' : `${Math.round(seconds * 1_000)} ms`
  // Of three days the seconds are nobody's concern.
  const largest = units.findIndex(([, size]) => seconds >= size)
  const [, finest] = units[largest + 1] ?? units[units.length - 1] ?? ['s', 1]
  let left = Math.round(seconds / finest) * finest
  const words: string[] = []
  for (const [unit, size] of units) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) words.push(`${count} ${unit}`)
  }
  return words.join(' ')
}

const sizes: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
}
const piece = /(\d+(?:[.,]\d+)?)\s*([a-z]*)/g

/** `undefined` for what is no duration. A bare number is seconds. */
export function readSeconds(text: string): number | undefined {
  const written = text.trim().toLowerCase()
  if (/^(at once|now)$/.test(written)) return 0
  const pieces = [...written.matchAll(piece)]
  if (pieces.length === 0 || written.replaceAll(piece, '').trim() !== '') return undefined
  let seconds = 0
  for (const [, amount = '', unit = ''] of pieces) {
    const size = unit === '' ? 1 : (sizes[unit] ?? sizes[unit.replace(/s$/, '')])
    if (size === undefined) return undefined
    seconds += Number(amount.replace(',', '.')) * size
  }
  return Math.round(seconds * 1_000) / 1_000
}

/** Lengths that people say, from a second to a month. */
const nice = [
  0,
  1,
  2,
  3,
  5,
  10,
  15,
  20,
  30,
  45,
  ...[1, 2, 3, 5, 10, 15, 20, 30, 45].map((minutes) => minutes * 60),
  ...[1, 2, 3, 4, 5, 6, 8, 10, 12, 18].map((hours) => hours * 3_600),
  ...[1, 2, 3, 5, 7, 10, 14, 21, 30].map((days) => days * 86_400),
]

export const nearestNice = (seconds: number): number =>
  nice.reduce((best, each) => (Math.abs(each - seconds) < Math.abs(best - seconds) ? each : best), 0)

/** The next length that people say, up or down. */
export const stepNice = (seconds: number, by: 1 | -1): number =>
  (by === 1 ? nice.find((each) => each > seconds) : nice.findLast((each) => each < seconds)) ?? seconds
