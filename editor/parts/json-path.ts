/** Where a value stands in a message, and how JSONata says it. */

/** Names of objects and positions of lists, from the outside in. */
export type Steps = readonly (string | number)[]

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/
/** JSONata reads these as something else where a name begins a path or stands alone. */
const reserved = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function'])

/**
 * `commits[0].message`, with backticks where a name needs them; the message itself is `$`.
 * @param root what the path begins with when it does not begin in the message: `$steps.text`
 */
export function jsonataPath(steps: Steps, root = ''): string {
  const path = steps.reduce<string>((before, step) => {
    if (typeof step === 'number') return `${before === '' ? '$' : before}[${step}]`
    // A quoted name has no escape for a backtick, and may not be empty.
    if (step === '' || step.includes('`')) return `$lookup(${before || '$'}, ${JSON.stringify(step)})`
    const name = plainName.test(step) && !reserved.has(step) ? step : `\`${step}\``
    return before === '' ? name : `${before}.${name}`
  }, root)
  return path === '' ? '$' : path
}
