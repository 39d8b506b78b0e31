/** Paths behind a hook's URL, with parameters: `/orders/:id`. Checked in the editor, obeyed at the door. */

export type PathParams = { readonly [name: string]: string }

export type PathPattern =
  | {
      readonly ok: true
      /** The parameters of a path (with or without its query) that fits; `undefined` when it does not. */
      readonly match: (path: string) => PathParams | undefined
    }
  /** What is wrong with the pattern. */
  | { readonly ok: false; readonly problem: string }

const literal = /^[A-Za-z0-9._~!$&'()+,;=@%-]+$/
const parameter = /^:([A-Za-z_]\w{0,63})$/
const segmentsMax = 32
const none: PathParams = {}

/**
 * `''` takes every path. Else each segment is a text, `:name` for any one segment, or at the end `*` for all that follow, which
 * is the parameter `rest`. A slash at the end of a path makes no difference; values are percent-decoded.
 */
export function compilePath(pattern: string): PathPattern {
  if (pattern === '') return { ok: true, match: () => none }
  if (!pattern.startsWith('/')) return { ok: false, problem: 'a path begins with a slash: /orders/:id' }
  const segments = segmentsOf(pattern)
  if (segments.length > segmentsMax) return { ok: false, problem: `at most ${segmentsMax} segments` }
  const names: string[] = []
  for (const [at, segment] of segments.entries()) {
    const name = segment === '*' ? 'rest' : parameter.exec(segment)?.[1]
    if (segment === '*' && at < segments.length - 1) return { ok: false, problem: '* stands at the end only' }
    if (name === undefined && !literal.test(segment))
      return { ok: false, problem: `"${segment}" is neither a text nor a parameter like :id` }
    if (name === undefined) continue
    if (names.includes(name)) return { ok: false, problem: `the parameter "${name}" stands there twice` }
    names.push(name)
  }
  return { ok: true, match: (path) => matched(segments, segmentsOf(path.split('?')[0] ?? '')) }
}

const segmentsOf = (path: string): readonly string[] => path.replace(/^\//, '').replace(/\/$/, '').split('/')

function matched(pattern: readonly string[], path: readonly string[]): PathParams | undefined {
  const hasRest = pattern.at(-1) === '*'
  if (hasRest ? path.length < pattern.length : path.length !== pattern.length) return undefined
  const params: [string, string][] = []
  for (const [at, segment] of pattern.entries()) {
    const isRest = segment === '*'
    const text = decoded(isRest ? path.slice(at).join('/') : (path[at] ?? ''))
    const name = isRest ? 'rest' : parameter.exec(segment)?.[1]
    if (text === undefined) return undefined
    if (name === undefined ? text !== segment : text === '' && !isRest) return undefined
    if (name !== undefined) params.push([name, text])
  }
  return Object.fromEntries(params)
}

/** `undefined` for what is not well encoded. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
}
