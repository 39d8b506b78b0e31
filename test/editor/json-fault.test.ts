import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultAt } from '../../editor/inspector/json-fault.ts'

test.each([
  ['{ "ref": "x",\n "y": }', '}'],
  ['{"a":1,}', '}'],
  ['[1 2]', '2]'],
  ["{'a':1}", "'a':1}"],
  ['{"a":1} x', 'x'],
  ['{"a":"\n"}', '"\n"}'],
  ['[01]', '1]'],
  ['{"a"', ''],
  ['', ''],
  ['nul', 'nul'],
  ['[1,]', ']'],
  ['}', '}'],
])('%j breaks where %j begins', (text, rest) => {
  expect(text.slice(faultAt(text))).toBe(rest)
})

test('finds no fault in what JSON writes, and one in every part of it', () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(), (text, at) => {
      const spaced = JSON.stringify(JSON.parse(text), undefined, 2)
      expect(faultAt(spaced)).toBe(spaced.length)
      const part = `{${spaced}`.slice(0, at % spaced.length)
      expect(faultAt(part)).toBeLessThanOrEqual(part.length)
    }),
  )
})
