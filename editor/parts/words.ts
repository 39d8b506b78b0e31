/** Figures as people read them. */
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

export const exactTime = (iso: string): string => exact.format(new Date(iso))

export function ago(iso: string, nowMs: number): string {
  const ms = new Date(iso).getTime() - nowMs
  if (Math.abs(ms) < 5_000) return 'now'
  const [unit, size] = units.find(([, size]) => Math.abs(ms) >= size) ?? units[3]
  return relative.format(Math.trunc(ms / size), unit)
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`
  return `${(ms / 3_600_000).toFixed(1)} h`
}

export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`
  if (count < 1_000_000) return `${(count / 1_000).toFixed(1)} KB`
  return `${(count / 1_000_000).toFixed(1)} MB`
}

const counter = new Intl.NumberFormat('en')
export const count = (value: number): string => counter.format(value)
/** `1 run`, `2 runs`. */
export const plural = (value: number, word: string): string =>
  `${count(value)} ${word}${value === 1 ? '' : 's'}`

/** The start of an id's random part is enough to tell two apart. */
export const shortId = (id: string): string => id.slice(-6)
