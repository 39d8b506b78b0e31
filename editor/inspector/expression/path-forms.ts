/** One path, as each kind of field writes it. */
import { tokensOf } from './tokens.ts'

export type PathForm = 'jsonata' | 'template' | 'javascript' | 'rule'

interface Path {
  readonly root: 'message' | 'event' | 'steps' | 'run' | 'workflow'
  readonly steps: readonly (string | number)[]
}

/** `undefined` where the kind of field cannot reach the place. The path comes as JSONata: `commits[0].id`, `$event.headers.host`. */
export function pathIn(form: PathForm, path: string): string | undefined {
  if (form === 'jsonata') return path
  if (form === 'template') return `{{ ${path} }}`
  const read = readPath(path)
  return read && (form === 'javascript' ? inScript(read) : inRule(read))
}

/** A JSONata path of names and positions; `undefined` when it is more than that. */
function readPath(text: string): Path | undefined {
  const steps: (string | number)[] = []
  let root: Path['root'] = 'message'
  for (const { kind, text: part } of tokensOf(text)) {
    if (kind === 'name') steps.push(part)
    else if (kind === 'quoted') steps.push(part.slice(1, -1))
    else if (kind === 'number') steps.push(Number(part))
    else if (kind === 'variable' && steps.length === 0) {
      const named = (['event', 'steps', 'run', 'workflow'] as const).find((name) => part === `$${name}`)
      if (named === undefined && part !== '$' && part !== '$$') return undefined
      root = named ?? 'message'
    } else if (!(part === '.' || part === '[' || part === ']')) return undefined
  }
  return { root, steps }
}

function inScript({ root, steps }: Path): string | undefined {
  if (root === 'run' || root === 'workflow') return undefined
  return (
    root +
    steps
      .map((step) =>
        typeof step === 'number'
          ? `[${step}]`
          : /^[A-Za-z_$][\w$]*$/.test(step)
            ? `.${step}`
            : `[${JSON.stringify(step)}]`,
      )
      .join('')
  )
}

function inRule({ root, steps }: Path): string | undefined {
  if (root === 'message') return `message${rest(steps)}`
  const [first, ...more] = steps
  if (root !== 'event' || typeof first !== 'string') return undefined
  if (first === 'headers') return more.length === 1 ? `header.${more[0]}` : undefined
  if (first === 'query' || first === 'body') return `${first}${rest(more)}`
  return ['method', 'path', 'ip', 'type'].includes(first) ? first : undefined
}

const rest = (steps: readonly (string | number)[]): string =>
  steps
    .map((step) =>
      typeof step === 'number'
        ? `[${step}]`
        : /^[^.[\]"\s]+$/.test(step)
          ? `.${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join('')
