/** What may stand at the cursor. Pure: a text, a place in it and the sample's shapes make a list of options. */
import type { Json } from '../../../nodes/contract/json.ts'
import { brief, kindOf } from './brief.ts'
import { functions } from './functions.ts'
import { type Scope, scopeAt } from './scope.ts'
import { scriptOptions } from './script-options.ts'
import { type Shapes, namesOf, written } from './shapes.ts'
import { templateParts } from './template.ts'
import { type Token, tokensOf } from './tokens.ts'

export type Language = 'jsonata' | 'template' | 'json' | 'javascript'

export interface Option {
  /** What is written in its place; a function's brackets come with it. */
  readonly text: string
  /** What it is called in the list and found by, where that is not its text. */
  readonly name?: string
  readonly kind: 'path' | 'function' | 'variable' | 'value' | 'keyword'
  /** Beside it: the value on the sample, a function's arguments. */
  readonly detail?: string
  /** A sentence about it. */
  readonly about?: string
}

export interface Completion {
  /** What the chosen option takes the place of. */
  readonly from: number
  readonly to: number
  readonly options: readonly Option[]
}

export interface CompletionRequest {
  readonly language: Language
  readonly text: string
  readonly cursor: number
  readonly shapes: Shapes
  /** Asked for by a key: everything is offered, even before a letter is typed. */
  readonly explicit: boolean
}

export function complete(request: CompletionRequest): Completion | undefined {
  const { language, text, cursor } = request
  if (language === 'javascript') return scriptOptions(request)
  if (language === 'jsonata') return inExpression(tokensOf(text), 0, request)
  const part = templateParts(text).find(
    (each) => each.kind === 'expression' && each.from <= cursor && cursor <= each.to,
  )
  return part?.kind === 'expression' ? inExpression(part.tokens, part.from, request) : undefined
}

function inExpression(
  tokens: readonly Token[],
  start: number,
  { text, cursor, shapes, explicit }: CompletionRequest,
): Completion | undefined {
  const current = tokens.find(
    ({ from, to, kind, closed }) =>
      from < cursor && (cursor < to || (cursor === to && holdsOn(kind, closed))),
  )
  if (current !== undefined && ['comment', 'regex', 'number'].includes(current.kind)) return undefined
  const scope = scopeAt(
    tokens.filter(({ to }) => to <= (current?.from ?? cursor)),
    shapes,
  )
  const from = current?.from ?? cursor
  const to =
    current === undefined ? cursor : current.kind === 'string' ? current.to : Math.max(cursor, current.to)
  const made = (options: readonly Option[]): Completion | undefined =>
    options.length === 0 ? undefined : { from, to, options }

  if (current?.kind === 'string') return made(valueOptions(scope))
  if (scope.place === 'step') return made(pathOptions(scope.context, shapes))
  if (scope.place === 'behind') return undefined
  const begun = text.slice(Math.max(start, from), cursor)
  if (begun.startsWith('$')) return made([...variableOptions(scope, shapes), ...functionOptions()])
  const values = valueOptions(scope)
  if (begun === '' && !explicit && values.length === 0) return undefined
  return made([
    ...values,
    ...pathOptions(scope.context, shapes),
    ...variableOptions(scope, shapes),
    ...functionOptions(),
  ])
}

/** Whether a token can still grow when the cursor stands right behind it. */
const holdsOn = (kind: Token['kind'], closed: boolean): boolean =>
  ['name', 'variable', 'keyword', 'number'].includes(kind) || !closed

function pathOptions(context: readonly Json[] | undefined, shapes: Shapes): readonly Option[] {
  const isSteps = context?.length === 1 && context[0] === shapes.steps
  return Array.from(namesOf(context ?? []), ([name, value]) => {
    const label = isSteps ? shapes.stepLabels[name] : undefined
    return {
      text: written(name),
      name,
      kind: 'path',
      detail: label ?? brief(value, 40),
      about: label === undefined ? kindOf(value) : `The output of this node: ${brief(value, 60)}`,
    }
  })
}

const givenVariables: Readonly<Record<string, string>> = {
  $event: 'The request: method, path, query, headers, body, …',
  $steps: 'The outputs of earlier nodes, by their ids.',
  $run: 'This run: id, version, kind, createdAt.',
  $workflow: 'This workflow: id and name.',
}

const variableOptions = ({ variables }: Scope, shapes: Shapes): readonly Option[] => [
  {
    text: '$',
    kind: 'variable',
    detail: 'the context',
    about: 'What the expression looks at: the message, or an item.',
  },
  ...Array.from(variables, ([name, values]): Option => {
    const [first] = values ?? []
    const about = givenVariables[name]
    const detail = about !== undefined || first === undefined ? undefined : brief(first, 40)
    return {
      text: name,
      kind: 'variable',
      ...(detail !== undefined && { detail }),
      about: about ?? 'A variable of this expression.',
    }
  }),
  ...(shapes.message === undefined
    ? []
    : [{ text: '$$', kind: 'variable', detail: 'the whole message' } as const]),
]

const functionOptions = (): readonly Option[] =>
  functions.map(({ name, arguments: args, about }) => ({
    text: `$${name}()`,
    name: `$${name}`,
    kind: 'function',
    detail: `(${args})`,
    about,
  }))

const valuesMax = 8

/** What the sample holds at the left side of a comparison. */
function valueOptions({ compared }: Scope): readonly Option[] {
  const scalars = (compared ?? []).flatMap((value) =>
    Array.isArray(value) ? (value as readonly Json[]) : [value],
  )
  const texts = scalars.flatMap((value) =>
    typeof value === 'string' && value.length <= 200
      ? [value.includes("'") ? JSON.stringify(value) : `'${value.replaceAll('\\', '\\\\')}'`]
      : typeof value === 'number' || typeof value === 'boolean'
        ? [String(value)]
        : [],
  )
  return [...new Set(texts)]
    .slice(0, valuesMax)
    .map((text) => ({ text, kind: 'value', about: 'From the sample.' }))
}
