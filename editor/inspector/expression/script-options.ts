/** Completion in scripts: the paths under `message`, `event` and `steps`, and the console. Globals come from the editor. */
import type { Json } from '../../../nodes/contract/json.ts'
import { brief, kindOf } from './brief.ts'
import type { Completion, CompletionRequest, Option } from './complete.ts'
import { namesOf, under } from './shapes.ts'

const chain =
  /(?<![\w$.])(message|event|steps)((?:\??\.[\w$]+|\[\d+\]|\["[^"\n]*"\]|\['[^'\n]*'\])*)(\??\.)([\w$]*)$/
const link = /\??\.([\w$]+)|\[(\d+)\]|\["([^"\n]*)"\]|\['([^'\n]*)'\]/g
const word = /(?<![\w$.])[a-z]\w*$/

const roots: readonly Option[] = [
  { text: 'message', kind: 'variable', about: 'The message that arrives.' },
  { text: 'event', kind: 'variable', about: 'The request: method, path, query, headers, body, …' },
  { text: 'steps', kind: 'variable', about: 'The outputs of earlier nodes, by their ids.' },
  { text: 'console', kind: 'variable', about: 'What it is told goes to the log of the step.' },
  { text: 'return', kind: 'keyword', about: 'What is returned is the new message.' },
  { text: 'await', kind: 'keyword' },
  { text: 'const', kind: 'keyword' },
]

const consoleOptions: readonly Option[] = ['log', 'info', 'warn', 'error', 'debug'].map((name) => ({
  text: `${name}()`,
  name,
  kind: 'function',
  detail: '(…values)',
  about: 'Writes a line to the log of the step.',
}))

export function scriptOptions({ text, cursor, shapes, explicit }: CompletionRequest): Completion | undefined {
  const before = text.slice(0, cursor)
  const onConsole = /(?<![\w$.])console\.([\w$]*)$/.exec(before)
  if (onConsole !== null)
    return { from: cursor - (onConsole[1] ?? '').length, to: cursor, options: consoleOptions }
  const [, root, links = '', dot = '.', begun = ''] = chain.exec(before) ?? []
  if (root !== undefined) {
    const start = root === 'message' ? shapes.message : root === 'event' ? shapes.event : shapes.steps
    const values = follow(start === undefined ? [] : [start], links)
    const isSteps = root === 'steps' && links === ''
    const names = namesOf(values.filter((value) => !Array.isArray(value)))
    const options = Array.from(names, ([name, value]): Option => {
      const label = isSteps ? shapes.stepLabels[name] : undefined
      return {
        text: /^[A-Za-z_$][\w$]*$/.test(name)
          ? `${dot}${name}`
          : `${dot === '.' ? '' : dot}[${JSON.stringify(name)}]`,
        name,
        kind: 'path',
        detail: label ?? brief(value, 40),
        about: kindOf(value),
      }
    })
    return options.length === 0
      ? undefined
      : { from: cursor - begun.length - dot.length, to: cursor, options }
  }
  const name = word.exec(before)?.[0] ?? ''
  return name === '' && !explicit ? undefined : { from: cursor - name.length, to: cursor, options: roots }
}

/** In JavaScript a list does not stand for its members: only a position leads into one. */
function follow(start: readonly Json[], links: string): readonly Json[] {
  let values = start
  for (const [, name, index, double, single] of links.matchAll(link)) {
    const key = name ?? double ?? single
    values =
      index === undefined
        ? under(
            values.filter((value) => !Array.isArray(value)),
            key ?? '',
          )
        : values.flatMap((value) =>
            Array.isArray(value) ? (value as readonly Json[]).slice(Number(index)).slice(0, 1) : [],
          )
  }
  return values
}
