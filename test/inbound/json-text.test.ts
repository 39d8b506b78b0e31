import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readJson } from '../../server/inbound/json-text.ts'

const read = (text: string) => readJson(Buffer.from(text))
const nines = (count: number) => '9'.repeat(count)

describe('a number that JavaScript cannot hold is refused', () => {
  test.each([
    ['309 digits', nines(309)],
    ['299 digits and two of exponent', `${nines(299)}e99`],
    ['210 digits and two of exponent', `[1,${nines(210)}E+99]`],
    ['three digits of exponent', '1e309'],
    ['an exponent behind zeros', '{"a":-1e+0000309}'],
  ])('with %s', (_how, text) => expect(read(text)).toMatchObject({ ok: false, reason: 'invalid-json' }))

  test('wherever it stands in the text', () => {
    for (let spaces = 0; spaces < 420; spaces += 1) {
      expect(read(`${' '.repeat(spaces)}${nines(211)}e99 `)).toMatchObject({ ok: false })
    }
  })

  test.each([nines(308), `${nines(208)}e99`, `"${nines(1_000)}"`, '1e-400', '1e308', `0.${nines(500)}`])(
    'and %.20s… is read',
    (text) => expect(read(text)).toMatchObject({ ok: true }),
  )
})

test('JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 20 }), fc.boolean(), (text, isSpaced) => {
      const sent = isSpaced ? JSON.stringify(JSON.parse(text), null, 2) : text
      expect(read(sent)).toEqual({ ok: true, value: JSON.parse(sent), text: sent })
    }),
  )
})

test('a hundred levels are counted by following them, not by the number of brackets', () => {
  expect(read(`[${'[],'.repeat(500)}{}]`)).toMatchObject({ ok: true })
  expect(read(`{"a":[${'{"b":"[{"},'.repeat(500)}1]}`)).toMatchObject({ ok: true })
  expect(read(`[${'[],'.repeat(500)}${'{"a":['.repeat(50)}1${']}'.repeat(50)}]`)).toMatchObject({
    reason: 'too-deep',
  })
})
