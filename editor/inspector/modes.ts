/** The ways in which a setting may be written: as a value, as an expression, or as a stored secret. */
import { type Field, isExpression, isSecretReference, resolutions } from '../../nodes/contract/field.ts'
import { templateExpression, templateParts } from './expression/template.ts'

export type Mode = 'fixed' | 'expression' | 'secret'

export function modesOf({ control }: Field): readonly Mode[] {
  switch (resolutions[control]) {
    case 'value':
    case 'deep':
      return ['fixed', 'expression']
    case 'template':
      return control === 'time' ? ['fixed', 'expression'] : ['fixed', 'expression', 'secret']
    default:
      return ['fixed']
  }
}

export function modeOf(field: Field, saved: unknown): Mode {
  const modes = modesOf(field)
  if (isExpression(saved) && modes.includes('expression')) return 'expression'
  return isSecretReference(saved) && modes.includes('secret') ? 'secret' : 'fixed'
}

/** The setting written in another way, meaning the same where that can be. */
export function inMode(field: Field, saved: unknown, mode: Mode): unknown {
  if (mode === 'expression') return { $: asExpression(field, saved) }
  if (mode === 'fixed' && isExpression(saved)) return asValue(field, saved.$)
  return undefined
}

function asExpression(field: Field, saved: unknown): string {
  if (saved === undefined || isSecretReference(saved)) {
    return field.initial === undefined || field.initial === '' ? '' : JSON.stringify(field.initial)
  }
  if (typeof saved !== 'string') return JSON.stringify(saved)
  return templateParts(saved).every(({ kind }) => kind === 'text')
    ? JSON.stringify(saved)
    : templateExpression(saved)
}

function asValue(field: Field, source: string): unknown {
  const literal = literalOf(source)
  if (literal !== undefined && field.schema.safeParse(literal).success) return literal
  const takesText = resolutions[field.control] === 'template' || field.control === 'body'
  return takesText && source.trim() !== '' ? `{{ ${source.trim()} }}` : undefined
}

/** The value of an expression that is nothing but JSON. */
export function literalOf(source: string): unknown {
  try {
    return JSON.parse(source)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
