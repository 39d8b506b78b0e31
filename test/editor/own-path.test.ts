import { expect, test } from 'vitest'
import { ownPath } from '../../editor/session/own-path.ts'

const origin = 'https://hooks.example.com'

test.each(['/runs?state=failed', '/workflows/wf_1?node=hook', '/events/evt_1#body'])(
  'leads back to %s',
  (from) => {
    expect(ownPath(from, origin)).toBe(from)
  },
)

test.each([
  ['nothing', undefined],
  ['another host', '//elsewhere.example/'],
  ['another host, by a backslash', '/\\elsewhere.example/'],
  ['another host, by a tab that browsers leave out', '/\t/elsewhere.example/'],
  ['a whole URL', 'https://elsewhere.example/'],
  ['a script', 'javascript:alert(1)'],
  ['the sign-in itself', '/sign-in?from=/runs'],
])('leads home from %s', (_what, from) => {
  expect(ownPath(from, origin)).toBe('/workflows')
})
