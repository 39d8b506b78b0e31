import { expect, test } from 'vitest'
import { portWord } from '../../editor/parts/node-words.ts'

test.each([
  ['filter', 'match', 'Match'],
  ['http', 'failure', 'Failure'],
  ['transform', 'error', 'Error'],
  ['switch', 'otherwise', 'Otherwise'],
  // A case, as the person called it.
  ['switch', 'paid', 'paid'],
  ['of a later Hookloom', 'left', 'left'],
  ['transform', 'out', undefined],
  ['webhook', 'out', undefined],
])('a step of %s that left by %s says %s', (type, port, word) => {
  expect(portWord(type, port)).toBe(word)
})
