import * as fc from 'fast-check'
import jsonata from 'jsonata'
import { describe, expect, test } from 'vitest'
import { isJsonObject, type Json } from '../../nodes/contract/json.ts'
import { parsePattern } from '../../nodes/contract/pattern.ts'
import { ruleExpression } from '../../nodes/contract/rule-expression.ts'
import { valuesAt } from '../../nodes/contract/rule-path.ts'
import type { Rule } from '../../nodes/contract/rules.ts'

const evaluated = async (rule: Rule, body: Json) => {
  const found: unknown = await jsonata(ruleExpression(rule, () => false)).evaluate({}, { event: { body } })
  return found
}

describe('no value breaks out of its quotes', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc
      .array(
        fc.constantFrom(
          '"',
          '\\',
          "'",
          '`',
          '/',
          '*/',
          '/*',
          '$',
          '(',
          ')',
          '[',
          '{',
          '}',
          '\n',
          '\u2028',
          'x',
          'u0022',
        ),
        { maxLength: 12 },
      )
      .map((parts) => parts.join('')),
    fc.string({
      unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      maxLength: 10,
    }),
  )
  test('a value equals, contains, starts and ends with itself, and is in its own list', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (value, other) => {
        for (const is of ['equals', 'contains', 'starts-with', 'ends-with'] as const) {
          expect(await evaluated({ field: 'body', is, value }, value)).toBe(true)
        }
        expect(await evaluated({ field: 'body', is: 'in-list', value: [other, value] }, value)).toBe(true)
        expect(await evaluated({ field: 'body', is: 'equals', value }, other)).toBe(value === other)
        expect(await evaluated({ field: 'body', is: 'contains', value }, other)).toBe(other.includes(value))
        expect(await evaluated({ field: 'body', is: 'starts-with', value }, other)).toBe(
          other.startsWith(value),
        )
        expect(await evaluated({ field: 'body', is: 'ends-with', value }, other)).toBe(other.endsWith(value))
      }),
      { numRuns: 300 },
    )
  })

  test('text is ordered by its characters, and a name of any letters is found', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (value, other) => {
        fc.pre(Number.isNaN(Number.parseFloat(value)) && Number.isNaN(Number.parseFloat(other)))
        expect(await evaluated({ field: 'body', is: 'less', value }, other)).toBe(other < value)
        fc.pre(value !== '__proto__')
        const field = `body[${JSON.stringify(value)}]`
        expect(await evaluated({ field, is: 'equals', value: other }, { [value]: other })).toBe(true)
        expect(await evaluated({ field, is: 'exists' }, {})).toBe(false)
      }),
      { numRuns: 300 },
    )
  })

  test('any number equals itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ noNaN: true, noDefaultInfinity: true }), async (value) => {
        expect(await evaluated({ field: 'body', is: 'equals', value }, value)).toBe(true)
        expect(await evaluated({ field: 'body', is: 'greater-or-equal', value }, value)).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('a pattern means in JSONata what it means in JavaScript', async () => {
    const pieces = [
      'a',
      'b',
      '/',
      '\\/',
      '\\\\',
      '[',
      ']',
      '[(]',
      '[^)\\]]',
      '(',
      ')',
      '(?:',
      '{',
      '}',
      '{2}',
      '{,',
      '\\{',
      '\\(',
      '[/]',
      '*',
      '+',
      '?',
      '|',
      '^',
      '$',
      '.',
      '\\d',
      '\\c',
      '\\x2',
      '"',
      '\n',
    ]
    const source = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''))
    const text = fc.string({
      unit: fc.constantFrom('a', 'b', '/', '\\', '(', ')', '[', ']', '{', '}', '2', ',', '"', '\n'),
      maxLength: 8,
    })
    let valid = 0
    await fc.assert(
      fc.asyncProperty(source, fc.array(text, { minLength: 3, maxLength: 3 }), async (value, texts) => {
        if ('problem' in parsePattern(value)) return
        valid += 1
        for (const each of texts) {
          expect(await evaluated({ field: 'body', is: 'matches', value }, each)).toBe(
            new RegExp(value).test(each),
          )
        }
      }),
      { numRuns: 3_000 },
    )
    expect(valid).toBeGreaterThan(500)
  })
})

test('networks are decided on the same values that JSONata finds', async () => {
  const body = fc.letrec<{ json: Json }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<Json>(1, 'x', null, true),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b'), tie('json'), { maxKeys: 2 }),
    ),
  })).json
  const steps = fc.array(fc.constantFrom<string | number>('a', 'b', 0, 1, -1), { maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(body, steps, async (value, steps) => {
      // Lists directly in lists are flattened by JSONata in ways that depend on the step; webhooks have none.
      fc.pre(!hasListInList(value))
      const path = steps.map((step) => (typeof step === 'number' ? `[${step}]` : `."${step}"`)).join('')
      const found: unknown = await jsonata(`[$event."body"${path}]`).evaluate({}, { event: { body: value } })
      expect(valuesAt(value, steps)).toEqual(JSON.parse(JSON.stringify(found)))
    }),
    { numRuns: 1_000 },
  )
})

const hasListInList = (value: Json): boolean =>
  Array.isArray(value)
    ? value.some((each: Json) => Array.isArray(each) || hasListInList(each))
    : isJsonObject(value) && Object.values(value).some(hasListInList)
