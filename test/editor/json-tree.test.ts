import * as fc from 'fast-check'
import jsonata from 'jsonata'
import { expect, test } from 'vitest'
import { jsonataPath } from '../../editor/parts/json-path.ts'
import {
  nothingUnfolded,
  openAtFirst,
  type Row,
  rowsOf,
  type Unfolded,
} from '../../editor/parts/json-rows.ts'
import { cut, quoted, visible } from '../../editor/parts/visible-text.ts'
import type { Json } from '../../nodes/contract/json.ts'

const rows = (value: Json, unfolded: Unfolded = nothingUnfolded) =>
  rowsOf(value, unfolded, openAtFirst(value))
const paths = (all: readonly Row[]) =>
  all.flatMap((row) => (row.kind === 'value' ? [jsonataPath(row.steps)] : []))

test('says where a value stands as a person would write it in JSONata', () => {
  expect(jsonataPath([])).toBe('$')
  expect(jsonataPath(['commits', 0, 'message'])).toBe('commits[0].message')
  expect(jsonataPath([2, 'id'])).toBe('$[2].id')
  expect(jsonataPath(['x-github-event'])).toBe('`x-github-event`')
  expect(jsonataPath(['a', 'and', 'b c'])).toBe('a.`and`.`b c`')
  expect(jsonataPath(['a', '', 'b`c', 'd'])).toBe('$lookup($lookup(a, ""), "b`c").d')
})

test('gives a path that JSONata follows to the same value, whatever the names', async () => {
  const name = fc.oneof(
    fc.constantFrom('a', 'b_1', 'x-y', 'and', 'null', '', 'b`c', '1', 'ä', 'a.b', '$', '"', '\\', 'function'),
    fc.string({ maxLength: 6 }),
  )
  const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 5 }), fc.boolean())
  const steps = fc.array(fc.oneof(name, fc.nat(2)), { maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(steps, leaf, async (steps, leaf) => {
      const value = steps.reduceRight<unknown>(
        (inside, step) =>
          typeof step === 'number'
            ? Array.from({ length: 3 }, (_, at) => (at === step ? inside : 'x'))
            : { [step]: inside },
        leaf,
      )
      expect(await jsonata(jsonataPath(steps)).evaluate(value)).toEqual(leaf)
    }),
    { numRuns: 300 },
  )
})

test('opens a small value by itself and a large one by its first level', () => {
  expect(paths(rows({ a: { b: [1, 2] } }))).toEqual(['$', 'a', 'a.b', 'a.b[0]', 'a.b[1]'])
  const large = { one: Array.from({ length: 50 }, (_, n) => n), two: { x: 1 } }
  expect(paths(rows(large))).toEqual(['$', 'one', 'two', 'two.x'])
})

test('shows a list of 100,000 items 100 at a time, within a frame', () => {
  const list = Array.from({ length: 100_000 }, (_, id) => ({ id }))
  const began = performance.now()
  const first = rows(list)
  expect(performance.now() - began).toBeLessThan(250)
  expect(first).toHaveLength(102)
  expect(first.at(-1)).toMatchObject({ kind: 'more', of: '[]', left: 99_900 })
  const more = rows(list, { open: new Map(), shown: new Map([['[]', 200]]) })
  expect(more).toHaveLength(202)
  expect(more[200]).toMatchObject({ position: 200, setSize: 100_000 })
})

test('keeps what the person opened and closed', () => {
  const value = { a: { b: 1 }, c: [1] }
  const closed = rows(value, { open: new Map([['["a"]', false]]), shown: new Map() })
  expect(paths(closed)).toEqual(['$', 'a', 'c', 'c[0]'])
})

test('does not open what is empty', () => {
  expect(rows({ none: [], nothing: {} })).toMatchObject([
    { isOpen: true },
    { isOpen: false, size: 0 },
    { isOpen: false },
  ])
})

test('shows control characters and marks of direction as characters', () => {
  expect(visible('\u001b[31mred\u202e')).toBe('\\u001b[31mred\\u202e')
  expect(visible('two\nlines\tand <b>')).toBe('two\nlines\tand <b>')
  expect(quoted('a\n"b"')).toBe('"a\\n\\"b\\""')
})

test('does not tear a character when it cuts a text', () => {
  expect(cut('ab😀', 3)).toBe('ab')
  expect(cut('ab😀', 4)).toBe('ab😀')
})
