/** Where settings name other nodes: `$steps.main` in an expression, `steps.main` in a script. */
import type { Saved } from '../../nodes/contract/field.ts'

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** `$steps.main`, `` $steps.`a-b` ``, `$steps."a-b"`. */
const inExpression = /(\$steps\s*\.\s*)(?:`([^`]*)`|"([^"]*)"|'([^']*)'|([A-Za-z0-9_]+))/g
/** `$lookup($steps, "a-b")`. */
const inLookup = /(\$lookup\(\s*\$steps\s*,\s*)(["'])([^"']*)\2/g
/** `steps.main` and `steps?.main`, but not `$steps.main` nor `my.steps.main`. */
const inScript = /(?<![\w$.])(steps\s*)(\?)?\.\s*([A-Za-z_$][\w$]*)/g
/** `steps['a-b']`, `steps?.["a-b"]`. */
const inIndex = /(?<![\w$.])(steps\s*(?:\?\.)?\[\s*)(["'`])([^"'`]*)\2/g

/** The same settings, naming the nodes by their new ids. What names no renamed node stays the same object. */
export function renameSteps(config: Saved, ids: ReadonlyMap<string, string>): Saved {
  const changes = new Map([...ids].filter(([before, after]) => before !== after))
  return changes.size === 0 ? config : (renamedIn(config, changes) as Saved)
}

function renamedIn(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return value.includes('steps') ? renamedText(value, ids) : value
  if (Array.isArray(value)) return value.map((item) => renamedIn(item, ids))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamedIn(inner, ids)]))
}

const renamedText = (text: string, ids: ReadonlyMap<string, string>): string =>
  text
    .replaceAll(inExpression, (whole, before: string, ...names: (string | undefined)[]) => {
      const to = ids.get(names.slice(0, 4).find((name) => name !== undefined) ?? '')
      return to === undefined ? whole : before + (plainName.test(to) ? to : `\`${to}\``)
    })
    .replaceAll(inLookup, (whole, before: string, quote: string, name: string) => {
      const to = ids.get(name)
      return to === undefined ? whole : before + quote + to + quote
    })
    .replaceAll(inScript, (whole, before: string, optional: string | undefined, name: string) => {
      const to = ids.get(name)
      if (to === undefined) return whole
      if (plainName.test(to)) return `${before}${optional ?? ''}.${to}`
      return `${before}${optional === undefined ? '' : '?.'}["${to}"]`
    })
    .replaceAll(inIndex, (whole, before: string, quote: string, name: string) => {
      const to = ids.get(name)
      return to === undefined ? whole : before + quote + to + quote
    })
