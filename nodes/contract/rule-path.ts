import { isJsonObject, type Json } from './json.ts'

/** Where a rule looks. `message` is what flows along the edge; everything else belongs to the event. */
export const ruleRoots = ['method', 'path', 'ip', 'type', 'header', 'query', 'body', 'message'] as const
export type RuleRoot = (typeof ruleRoots)[number]

/** `body.commits[0].id` is `{ root: 'body', steps: ['commits', 0, 'id'] }`. */
export interface RulePath {
  readonly root: RuleRoot
  readonly steps: readonly (string | number)[]
}

const pathLengthMax = 500
const step = /\.([^.[\]"\s]+)|\[(-?\d{1,6})\]|\[("(?:[^"\\]|\\.)*")\]/y

/**
 * Reads the field of a rule: `method`, `path`, `ip`, `type`, `header.x-github-event`, `query.page`,
 * `body.repository.owner.login`, `body.commits[0].id`, `body["a name"].x`, `message.total`.
 * `[-1]` is the last. Header names are read in lower case.
 */
export function parseRulePath(text: string): RulePath | { readonly problem: string } {
  if (text.length > pathLengthMax) return { problem: `a field is at most ${pathLengthMax} characters long` }
  const root = ruleRoots.find(
    (name) => text === name || text.startsWith(`${name}.`) || text.startsWith(`${name}[`),
  )
  if (root === undefined) {
    return { problem: `a field starts with ${ruleRoots.join(', ')}; e.g. body.ref or header.x-github-event` }
  }
  const rest = text.slice(root.length)
  if (root === 'header') {
    return /^\.[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(rest)
      ? { root, steps: [rest.slice(1).toLowerCase()] }
      : { problem: 'a header is named behind a dot, e.g. header.x-github-event' }
  }
  const steps = stepsOf(rest)
  if (steps === undefined) {
    return { problem: `${text} is not a path: it looks like body.commits[0].id or body["a name"]` }
  }
  if (root === 'query' && steps.length === 0)
    return { problem: 'a parameter is named behind a dot, e.g. query.page' }
  if (steps.length > 0 && !['query', 'body', 'message'].includes(root)) {
    return { problem: `${root} is one value: nothing follows its name` }
  }
  return { root, steps }
}

function stepsOf(rest: string): readonly (string | number)[] | undefined {
  const steps: (string | number)[] = []
  step.lastIndex = 0
  while (step.lastIndex < rest.length) {
    const found = step.exec(rest)
    if (found === null) return undefined
    const [, name, index, quoted] = found
    if (name !== undefined) steps.push(name)
    else if (index !== undefined) steps.push(Number(index))
    else {
      const text = unquoted(quoted ?? '')
      if (text === undefined) return undefined
      steps.push(text)
    }
  }
  return steps
}

function unquoted(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted))
  } catch {
    return undefined
  }
}

/**
 * Every value at the end of the path, as JSONata finds them: a step by name into a list looks into each of its members,
 * an index counts within one parent, and a list at the end stands for its members.
 */
export function valuesAt(start: Json, steps: readonly (string | number)[]): readonly Json[] {
  let families = [members(start)]
  for (const step of steps) {
    families =
      typeof step === 'number'
        ? families.map((family) => family.slice(step).slice(0, 1).flatMap(members))
        : families.flat().map((parent) => lookUp(parent, step))
  }
  return families.flat()
}

const members = (value: Json): readonly Json[] => (isList(value) ? value : [value])

function lookUp(parent: Json, name: string): readonly Json[] {
  if (isList(parent)) return parent.flatMap((each) => lookUp(each, name))
  const found = isJsonObject(parent) && Object.hasOwn(parent, name) ? parent[name] : undefined
  return found === undefined ? [] : members(found)
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)
