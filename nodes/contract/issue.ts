import type * as z from 'zod/mini'
import { isJsonObject } from './json.ts'

/** What is wrong with a value, and where in it. */
export interface Issue {
  readonly path: readonly (string | number)[]
  /** A few words without a full stop, fit for a person: `expected text, found a number`. */
  readonly message: string
}

type RawIssue = z.core.$ZodIssue

/** Everything that keeps a value from passing the schema, in words; empty when it passes. */
export function issuesOf(schema: z.ZodMiniType, value: unknown): readonly Issue[] {
  // Whoever loads `zod` proper gives `zod/mini` English words of its own: these here hold in every process.
  const parsed = schema.safeParse(value, { error: () => wordless })
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => told(issue, value))
}

function told(issue: RawIssue, value: unknown): readonly Issue[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const found = at(value, path)
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return closest(issue.errors, found).map((inner) => ({ ...inner, path: [...path, ...inner.path] }))
  }
  return [{ path, message: wordsOf(issue, found) }]
}

/** Of several forms that a value may have, the one that it was most likely meant to have: the fewest things are wrong. */
function closest(branches: readonly (readonly RawIssue[])[], value: unknown): readonly Issue[] {
  const kinds = branches.map(([first, ...rest]) =>
    first?.code === 'invalid_type' && first.path.length === 0 && rest.length === 0
      ? typeName(first.expected)
      : undefined,
  )
  if (kinds.every((kind) => kind !== undefined)) {
    return [{ path: [], message: `expected ${[...new Set(kinds)].join(' or ')}, found ${nameOf(value)}` }]
  }
  const [best = []] = branches.toSorted((a, b) => faults(a, value) - faults(b, value))
  return best.flatMap((issue) => told(issue, value))
}

/** What is missing tells more against a form than what is there and wrong. */
const faults = (issues: readonly RawIssue[], value: unknown): number =>
  issues.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + issue.keys.length
    return sum + (at(value, issue.path.map(String)) === undefined ? 2 : 1)
  }, 0)

/** Stands where a schema says nothing itself. */
const wordless = 'Invalid input'

function wordsOf(issue: RawIssue, found: unknown): string {
  if (issue.message !== wordless) return issue.message
  switch (issue.code) {
    case 'invalid_type':
      return found === undefined
        ? 'this is missing'
        : `expected ${typeName(issue.expected)}, found ${nameOf(found)}`
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, found ${nameOf(found)}`
    case 'unrecognized_keys':
      return `unknown: ${issue.keys.join(', ')}`
    case 'too_small':
      return `at least ${issue.minimum}`
    case 'too_big':
      return `at most ${issue.maximum}`
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0] === undefined ? 'this does not fit' : wordsOf(issue.issues[0], found)
    default:
      return 'this does not fit'
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}
const typeName = (type: string): string => typeNames[type] ?? type

const shownLengthMax = 40

function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value) ?? typeof value
  return text.length > shownLengthMax ? `${text.slice(0, shownLengthMax)}…` : text
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  let found: unknown = value
  for (const step of path) {
    if (Array.isArray(found)) found = found[Number(step)] as unknown
    else if (isJsonObject(found) && Object.hasOwn(found, step)) found = found[String(step)]
    else return undefined
  }
  return found
}
