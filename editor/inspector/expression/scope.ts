/**
 * Where in an expression the cursor stands, and which values of the sample can be reached from there. The tokens before
 * the cursor are walked once; what cannot be told (a function's result) is unknown, and nothing is offered under it.
 */
import type { Json } from '../../../nodes/contract/json.ts'
import { type Shapes, children, members, under } from './shapes.ts'
import type { Token } from './tokens.ts'

/** `undefined`: not known. */
type Values = readonly Json[] | undefined

export interface Scope {
  /** `step`: behind a dot. `operand`: where a value may begin. `behind`: where an operator may stand. */
  readonly place: 'step' | 'operand' | 'behind'
  /** Names are looked up in these. */
  readonly context: Values
  /** The left side of a comparison whose right side is being written. */
  readonly compared: Values
  readonly variables: ReadonlyMap<string, Values>
}

interface Frame {
  readonly context: Values
  readonly opener: string
  /** The path that stood before a predicate, or an order by; it stands again behind it. */
  readonly before: Values
  readonly keepsBefore: boolean
  readonly call: string | undefined
  readonly isParameters: boolean
  parameterCount: number
  firstArgument: Values
  hasFirstArgument: boolean
  /** The variable that `:=` gives the next value to. */
  assigning: string | undefined
}

const keepsItems: ReadonlySet<string> = new Set([
  'filter',
  'sort',
  'reverse',
  'shuffle',
  'distinct',
  'append',
])
const overItems: ReadonlySet<string> = new Set(['map', 'filter', 'single', 'sort', 'reduce'])
const overEntries: ReadonlySet<string> = new Set(['each', 'sift'])

export function scopeAt(tokens: readonly Token[], shapes: Shapes): Scope {
  const root: Values = shapes.message === undefined ? undefined : [shapes.message]
  const variables = new Map<string, Values>([
    ['$event', [shapes.event]],
    ['$steps', [shapes.steps]],
    ['$run', [shapes.run]],
    ['$workflow', [shapes.workflow]],
  ])
  const outer = frame('(', root)
  const frames: Frame[] = [outer]
  const at: { place: Scope['place']; path: Values } = { place: 'operand', path: undefined }
  let compared: Values
  let called: string | undefined
  let chained: Values
  let into = false
  let parametersNext = false
  let last: Token | undefined

  const top = (): Frame => frames.at(-1) ?? outer
  const ends = (value: Values) => {
    at.path = value
    at.place = 'behind'
  }
  const begins = () => {
    at.path = undefined
    at.place = 'operand'
    called = undefined
  }
  const settle = () => {
    const inner = top()
    if (inner.assigning !== undefined) variables.set(inner.assigning, at.path)
    inner.assigning = undefined
    if (inner.call !== undefined && !inner.hasFirstArgument) {
      inner.firstArgument = at.path
      inner.hasFirstArgument = true
    }
  }

  for (const token of tokens) {
    if (token.kind === 'comment') continue
    const { kind, text } = token
    if (kind === 'name' || kind === 'quoted') {
      const name = kind === 'quoted' ? text.slice(1, -1) : text
      const from = at.place === 'step' ? at.path : top().context
      ends(from && under(from, name))
    } else if (kind === 'variable') variable(text)
    else if (kind === 'string' || kind === 'number' || kind === 'regex') ends(undefined)
    else if (kind === 'keyword') keyword(text)
    else if (kind === 'bracket') bracket(text)
    else operator(text)
    last = token
  }
  return {
    place: at.place,
    context: at.place === 'step' ? at.path : top().context,
    compared: at.place === 'operand' ? compared : undefined,
    variables,
  }

  function variable(text: string): void {
    const inner = top()
    if (inner.isParameters) {
      variables.set(text, parameter(inner.parameterCount))
      return ends(undefined)
    }
    if (last?.text === '@' || last?.text === '#') {
      variables.set(text, last.text === '@' ? at.path && members(at.path) : undefined)
      return ends(at.path)
    }
    called = text.slice(1)
    if (text === '$') return ends(inner.context)
    ends(text === '$$' ? root : variables.get(text))
  }

  /** What the n-th parameter of a function stands for in the call that it is handed to. */
  function parameter(n: number): Values {
    const call = frames.findLast(({ call }) => call !== undefined)
    const given = call?.firstArgument
    if (call?.call === undefined || given === undefined) return undefined
    if (overEntries.has(call.call)) return n === 0 ? children(given) : undefined
    if (!overItems.has(call.call)) return undefined
    const isItem = call.call === 'reduce' ? n === 1 : call.call === 'sort' || n === 0
    return isItem ? members(given) : undefined
  }

  function keyword(text: string): void {
    if (text === 'function' || text === 'λ') {
      parametersNext = true
      return begins()
    }
    if (text === 'and' || text === 'or') {
      compared = undefined
      return begins()
    }
    if (text === 'in') {
      compared = at.path
      return begins()
    }
    ends(undefined)
  }

  function bracket(text: string): void {
    const inner = top()
    if (text === '[') {
      const predicate = at.place === 'behind'
      frames.push(
        predicate ? frame('[', at.path && members(at.path), { before: at.path }) : frame('[', inner.context),
      )
      return begins()
    }
    if (text === '{') {
      const inside = at.place === 'step' || at.place === 'behind'
      frames.push(frame('{', inside ? at.path && members(at.path) : inner.context))
      return begins()
    }
    if (text === '(') {
      const call = at.place === 'behind' && last?.kind === 'variable' ? called : undefined
      if (parametersNext) frames.push(frame('(', inner.context, { isParameters: true }))
      else if (into) frames.push(frame('(', at.path && members(at.path), { before: at.path }))
      else if (at.place === 'step') frames.push(frame('(', at.path && members(at.path)))
      else frames.push(frame('(', inner.context, { call, first: chained }))
      if (call !== undefined) chained = undefined
      parametersNext = false
      into = false
      return begins()
    }
    settle()
    if (frames.length > 1) frames.pop()
    compared = undefined
    if (inner.keepsBefore) return ends(inner.before)
    if (inner.call !== undefined) return ends(keepsItems.has(inner.call) ? inner.firstArgument : undefined)
    ends(text === ')' && !inner.isParameters ? at.path : undefined)
  }

  function operator(text: string): void {
    const inner = top()
    switch (text) {
      case '.':
        at.place = 'step'
        return
      case '@':
      case '#':
        return
      case '^':
        into = true
        return
      case '*':
      case '**':
        if (at.place === 'behind') break
        return ends(children((at.place === 'step' ? at.path : inner.context) ?? []))
      case '%':
        if (at.place === 'behind') break
        return ends(undefined)
      case ':=':
        inner.assigning = last?.kind === 'variable' ? last.text : undefined
        return begins()
      case '~>':
        chained = at.path
        return begins()
      case ',':
      case ';':
        settle()
        inner.parameterCount += 1
        compared = undefined
        return begins()
      case '=':
      case '!=':
        compared = at.path
        return begins()
      default:
    }
    compared = undefined
    begins()
  }
}

function frame(
  opener: string,
  context: Values,
  more: {
    readonly before?: Values
    readonly call?: string | undefined
    readonly isParameters?: boolean
    readonly first?: Values
  } = {},
): Frame {
  return {
    context,
    opener,
    before: more.before,
    keepsBefore: 'before' in more,
    call: more.call,
    isParameters: more.isParameters ?? false,
    parameterCount: 0,
    firstArgument: more.first,
    hasFirstArgument: more.first !== undefined,
    assigning: undefined,
  }
}
