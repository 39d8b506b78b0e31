import { isExpression, isSecretReference } from './field.ts'

const shownLengthMax = 80

/**
 * A saved setting as a word of a card's sentence: text as it is, an expression by its source, a secret by its name,
 * anything else as JSON; long ones are cut. A missing setting is shown as `otherwise`.
 */
export function shown(value: unknown, otherwise = '…'): string {
  if (value === undefined || value === null || value === '') return otherwise
  const text = isExpression(value) ? value.$ : isSecretReference(value) ? value.$secret : value
  const word = (typeof text === 'string' ? text : (JSON.stringify(text) ?? otherwise))
    .replaceAll(/\s+/g, ' ')
    .trim()
  return word.length > shownLengthMax ? `${word.slice(0, shownLengthMax - 1)}…` : word
}

const units = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** Seconds as people say them, in the largest unit that needs no fraction: `90 minutes`, `1 day`. */
export function duration(seconds: number): string {
  const [size, name] = units.find(([size]) => seconds >= size && seconds % size === 0) ?? units[3]
  const count = seconds / size
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
