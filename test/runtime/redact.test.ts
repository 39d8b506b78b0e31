import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openRedactor, redact } from '../../server/runtime/redact.ts'

describe('a secret is replaced', () => {
  const secret = 'pä"ss/w+rd 🙂'

  test.each([
    ['as it is', `a${secret}b`],
    ['percent-encoded', `a${encodeURIComponent(secret)}b`],
    [
      'percent-encoded in lower case',
      `a${encodeURIComponent(secret).replace(/%../g, (code) => code.toLowerCase())}b`,
    ],
    ['as a form writes it', `a=${new URLSearchParams({ secret })}`],
    ['in JSON', JSON.stringify({ secret })],
    ['in JSON with escaped slashes', JSON.stringify({ secret }).replaceAll('/', '\\/')],
    [
      'in JSON of ASCII only',
      JSON.stringify(secret).replace(
        /[^ -~]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ],
    ['in JSON within JSON', JSON.stringify({ inner: JSON.stringify({ secret }) })],
    [
      'in JSON five layers deep',
      [1, 2, 3, 4].reduce((text) => JSON.stringify({ text }), JSON.stringify({ secret })),
    ],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
  ])('%s', (_how, text) => {
    const clean = redact(text, [secret])
    expect(clean).toContain('•••')
    expect(clean).not.toMatch(/p(ä|%c3|\\u00e4)/i)
    expect(clean).not.toMatch(/rd|cmQ/)
  })

  test('inside longer base64, wherever it begins there', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 40, unit: 'binary' }),
        fc.uint8Array({ maxLength: 20 }),
        fc.uint8Array({ maxLength: 20 }),
        fc.constantFrom('base64' as const, 'base64url' as const),
        (own, before, after, encoding) => {
          fc.pre(own.trim() === own && own.isWellFormed())
          const text = Buffer.concat([before, Buffer.from(own), after]).toString(encoding)
          expect(redact(text, [own])).toContain('•••')
        },
      ),
      { numRuns: 300 },
    )
  })

  test('with backslashes and line breaks, however deep the JSON', () => {
    const unit = fc.constantFrom('\\', '"', '/', '\n', 'n', 'u', 'é', '<', ' ', '%', '🙂')
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 12, unit }),
        fc.integer({ min: 0, max: 4 }),
        (own, depth) => {
          fc.pre(own.trim() === own)
          let text = `a${own}z`
          for (let layer = 0; layer < depth; layer++) text = JSON.stringify({ text })
          expect(redact(text, [own])).toMatch(/a\\*•••z/)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('in a time that grows with the text and not with its square', () => {
    const hostile = ['\\', 'a\\', '%25', '+', '"', '\\"'].map((part) => part.repeat(300_000)).join('b')
    const from = performance.now()
    redact(hostile, ['\\\\"a\\\\"\n\\b', '" " "  b', '%%%%b', 'a\\b"'])
    expect(performance.now() - from).toBeLessThan(2_000)
  })

  test('with the blanks around it cut off, as headers are', () => {
    expect(redact('Bearer abcdef', [' abcdef\n'])).toBe('Bearer •••')
  })

  test('together with others, the longest first', () => {
    expect(redact('abcdef abcd abcdef', ['abcd', 'abcdef'])).toBe('••• ••• •••')
  })
})

describe('a text', () => {
  test('without a secret stays as it is', () => {
    const text = '{"a":"some text","b":[1,2,3]}'
    expect(redact(text, ['another secret'])).toBe(text)
    expect(redact(text, [])).toBe(text)
    expect(redact(text, ['', ' ', '\n  '])).toBe(text)
  })

  test('keeps the words that a very short secret is a part of', () => {
    expect(redact('{"a":"ab","b":"cab abc","n":"1","x":10}', ['ab', '1'])).toBe(
      '{"a":"•••","b":"cab abc","n":"•••","x":10}',
    )
  })

  test('may hold what means something to a regular expression or a replacement', () => {
    expect(redact('x $&(.*)[a-z]{2}^|\\ y', ['$&(.*)[a-z]{2}^|\\'])).toBe('x ••• y')
  })

  test('is never changed back into its secret', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (own, before, after) => {
        fc.pre(own.trim() !== '' && own.isWellFormed() && !own.includes('•'))
        const clean = redact(`${before}${own}${after}`, [own])
        expect(clean).toContain('•••')
      }),
      { numRuns: 300 },
    )
  })
})

test('values are redacted at any depth, keys too, and nothing else about them changes', () => {
  const redactor = openRedactor(['secret text'])
  const value = JSON.parse('{"a":["x secret text",1,null,true],"secret text":{"__proto__":"secret text"}}')
  const clean = redactor.json(value)
  expect(JSON.stringify(clean)).toBe('{"a":["x •••",1,null,true],"•••":{"__proto__":"•••"}}')
})
