import {
  type Field,
  isExpression,
  isSecretReference,
  isTemplate,
  resolutions,
  secretNamePattern,
} from './field.ts'
import { type Issue, issuesOf } from './issue.ts'

/** What is wrong with one saved setting, in whole sentences that begin with its label. */
export function settingIssues(field: Field, saved: unknown): readonly Issue[] {
  const issues =
    saved === undefined ? issuesOf(field.schema, field.initial).map(atTop) : savedIssues(field, saved)
  return issues.map(({ path, message }) => ({ path, message: `${field.label}: ${message}.` }))
}

/** The parts of a default are not the person's: whatever is wrong with it means that the setting is missing. */
const atTop = ({ message }: Issue): Issue => ({ path: [], message })

function savedIssues(field: Field, saved: unknown): readonly Issue[] {
  switch (resolutions[field.control]) {
    case 'value':
      if (isExpression(saved)) return emptyIssues(saved.$)
      return isSecretReference(saved)
        ? [{ path: [], message: 'a secret cannot stand here: give the value itself' }]
        : issuesOf(field.schema, saved)
    case 'template':
      if (isExpression(saved)) return emptyIssues(saved.$)
      if (isSecretReference(saved)) return referenceIssues(saved.$secret)
      return isTemplate(saved) ? [] : issuesOf(field.schema, saved)
    case 'deep':
      return deepIssues(field, saved)
    case 'secret':
      if (isSecretReference(saved)) return referenceIssues(saved.$secret)
      return isExpression(saved)
        ? [{ path: [], message: 'a secret is text or { "$secret": "NAME" }, not an expression' }]
        : issuesOf(field.schema, saved)
    case 'program':
      return isExpression(saved) || isSecretReference(saved)
        ? [{ path: [], message: 'write the source itself here, as plain text without { "$": … } around it' }]
        : issuesOf(field.schema, saved)
    default:
      return [...misnamed(saved), ...issuesOf(field.schema, saved)]
  }
}

const emptyIssues = (source: string): readonly Issue[] =>
  source.trim() === '' ? [{ path: [], message: 'the expression is empty' }] : []

const referenceIssues = (name: string): readonly Issue[] =>
  secretNamePattern.test(name)
    ? []
    : [
        {
          path: [],
          message: `"${name}" cannot be a secret's name: it starts with a letter and has letters, digits, dashes and underscores`,
        },
      ]

/** A value whose parts may be open: those stand for text, everything around them is checked. */
function deepIssues(field: Field, saved: unknown): readonly Issue[] {
  const named = misnamed(saved)
  if (named.length > 0 || isExpression(saved) || isSecretReference(saved) || isTemplate(saved)) return named
  return issuesOf(field.schema, withStandIns(saved))
}

const standIn = 'text'

function withStandIns(saved: unknown): unknown {
  if (isExpression(saved) || isSecretReference(saved) || isTemplate(saved)) return standIn
  if (Array.isArray(saved)) return saved.map(withStandIns)
  if (typeof saved !== 'object' || saved === null) return saved
  return Object.fromEntries(Object.entries(saved).map(([key, value]) => [key, withStandIns(value)]))
}

/** References to secrets, at any depth, whose names cannot be, and expressions that are empty. */
function misnamed(saved: unknown): readonly Issue[] {
  if (isSecretReference(saved)) return referenceIssues(saved.$secret)
  if (isExpression(saved)) return emptyIssues(saved.$)
  if (typeof saved !== 'object' || saved === null) return []
  return Object.entries(saved).flatMap(([key, value]) =>
    misnamed(value).map(({ path, message }) => ({ path: [key, ...path], message })),
  )
}
