/** Cases of `test/corpora/auth.json`, by what they are about; its `source` says where they come from. */
import corpus from '../corpora/auth.json' with { type: 'json' }

export interface Told {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}
interface Case {
  readonly id: string
  readonly request: Told
}
interface Injection {
  readonly id: string
  readonly value: string
}

const pathsOf = (...ids: readonly string[]): readonly string[] =>
  (corpus.access as readonly { readonly id: string; readonly paths?: readonly string[] }[])
    .filter(({ id }) => ids.includes(id))
    .flatMap(({ paths = [] }) => paths)

const injections = (prefix: string): readonly Injection[] =>
  (corpus.header_injection as readonly Injection[])
    .filter(({ id }) => id.startsWith(prefix))
    .map(({ id, value }) => ({ id, value: value.replace('{A_70000}', 'A'.repeat(70_000)) }))

export const cases = {
  csrf: corpus.csrf as unknown as readonly Case[],
  cors: corpus.cors as unknown as readonly Case[],
  access: {
    pathTricks: pathsOf('acc-path-trick'),
    /** Files and pages that a careless server would show. */
    absent: pathsOf('acc-metrics', 'acc-static-traversal'),
  },
  /** Texts of a payload that become a header's value, or its name. */
  headerValues: injections('hi-out-value'),
  headerNames: injections('hi-name'),
}
