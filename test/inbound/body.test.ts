import { createHash } from 'node:crypto'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readMessage } from '../../server/inbound/body.ts'
import { decodeContent } from '../../server/inbound/content-encoding.ts'
import { corpus } from './make.ts'

interface BadBody {
  readonly id: string
  readonly body?: string
  readonly body_base64?: string
  readonly build?: unknown
  readonly expect: string
}
const bad = (corpus('bad-json.json') as { readonly bodies: readonly BadBody[] }).bodies
const json = 'application/json'
const read = (body: string | Buffer, type: string | undefined = json, unwrap?: { field: string }) =>
  readMessage(Buffer.from(body), type, unwrap)
const messageOf = async (body: string | Buffer, type?: string, unwrap?: { field: string }) => {
  const result = await readMessage(Buffer.from(body), type, unwrap)
  return result.ok ? result.message : result.reason
}

/** Well-formed JSON in the corpus's own words: accepted by RFC 8259, or plain data. */
const isAccepted = ({ id, expect: words }: BadBody) =>
  id === 'json-27' ||
  (!words.startsWith('refused') && !words.startsWith('signature is checked') && id !== 'json-49')

const big = (piece: string, count: number) => piece.repeat(count)

describe('the corpus of bad JSON', () => {
  const given = bad.filter(({ body, body_base64 }) => body !== undefined || body_base64 !== undefined)

  test.each(given)('$id: $expect', async (each) => {
    const bytes = Buffer.from(
      each.body_base64 ?? each.body ?? '',
      each.body_base64 === undefined ? 'utf8' : 'base64',
    )
    const result = await read(bytes)
    expect(result).toMatchObject(isAccepted(each) ? { ok: true } : { ok: false, status: 400 })
    // The JSON that is passed on is the text that came, duplicate keys and long numbers included.
    if (result.ok) expect(result.json).toBe(bytes.toString('utf8').replace(/^\ufeff/, ''))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    for (const type of [
      undefined,
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'image/png',
    ]) {
      const other = await readMessage(bytes, type)
      if (!other.ok) expect(other.status).toBe(400)
    }
  })

  const integerKeys = Array.from({ length: 200_001 }, (_, n) => `"${200_000 - n}":0`).join(',')
  const part = '--b\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n'
  test.each([
    ['deep-array', json, big('[', 100_000) + big(']', 100_000), 'too-deep'],
    ['deep-object', json, `${big('{"a":', 100_000)}1${big('}', 100_000)}`, 'too-deep'],
    ['deep-1m', json, big('[', 1_000_000) + big(']', 1_000_000), 'too-deep'],
    ['deep-unclosed', json, big('[', 1_000_000), 'too-deep'],
    ['whitespace', json, `${big(' ', 5_000_000)}{}`, 'accepted'],
    ['long-key', json, `{"${big('k', 5_000_000)}":1}`, 'accepted'],
    ['hash-collide', json, `{${integerKeys}}`, 'accepted'],
    ['form-100k', 'application/x-www-form-urlencoded', big('a=1&', 100_000), 'too-many-fields'],
    ['multipart-many', 'multipart/form-data; boundary=b', `${big(part, 100_000)}--b--`, 'too-many-fields'],
    ['xml deep', 'text/xml', big('<a>', 100_000) + big('</a>', 100_000), 'too-deep'],
  ])('%s takes less than half a second of the event loop', async (_id, type, body, outcome) => {
    const bytes = Buffer.from(body)
    const began = performance.now()
    const result = await readMessage(bytes, type)
    expect(result.ok ? 'accepted' : result.reason).toBe(outcome)
    expect(performance.now() - began).toBeLessThan(500)
  })
})

describe('JSON', () => {
  test('of repeated keys the last wins, and __proto__ is a key like any other', async () => {
    expect(await messageOf('{"a":1,"a":2}', json)).toEqual({ a: 2 })
    const message = await messageOf('{"__proto__":{"polluted":1},"constructor":2}', json)
    expect(Object.keys(Object(message))).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype)
  })

  test('a hundred levels are read, a hundred and one are not; brackets in strings do not count', async () => {
    expect(await read('['.repeat(100) + ']'.repeat(100))).toMatchObject({ ok: true })
    expect(await read('['.repeat(101) + ']'.repeat(101))).toMatchObject({ reason: 'too-deep' })
    expect(await read(`["${'['.repeat(500)}\\"${'{'.repeat(500)}"]`)).toMatchObject({ ok: true })
  })

  test('a number beyond 2^53 keeps its digits in the text that is passed on', async () => {
    expect(await read('{"id":9007199254740993}')).toMatchObject({ json: '{"id":9007199254740993}' })
  })

  test.each([
    'application/cloudevents+json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'text/json',
  ])('is read as %s', async (type) => expect(await messageOf('{"a":1}', type)).toEqual({ a: 1 }))

  test.each([undefined, 'text/plain', 'application/octet-stream', 'application/x-www-form-urlencoded'])(
    'is recognised although the content type says %s',
    async (type) => expect(await messageOf(' {"a":[1]}', type)).toEqual({ a: [1] }),
  )

  test('an empty body is null, whatever its type', async () => {
    for (const type of [undefined, json, 'text/xml', 'multipart/form-data'])
      expect(await messageOf('', type)).toBe(null)
  })
})

const multipart = (content: string) =>
  messageOf(content.replaceAll('\n', '\r\n'), 'multipart/form-data; boundary=b')

describe('forms', () => {
  const form = 'application/x-www-form-urlencoded'

  test('repeated names become lists; brackets and __proto__ are only names', async () => {
    expect(await messageOf('a=1&b=x%20y&a=2', form)).toEqual({ a: ['1', '2'], b: 'x y' })
    const message = await messageOf(
      '__proto__[polluted]=x&constructor[prototype][polluted]=x&__proto__=y&a[9]=1',
      form,
    )
    expect(Object.keys(Object(message)).toSorted()).toEqual([
      '__proto__',
      '__proto__[polluted]',
      'a[9]',
      'constructor[prototype][polluted]',
    ])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('the field that carries the message as JSON is unwrapped, and a form without it stays a form', async () => {
    const unwrap = { field: 'payload' }
    expect(await messageOf('payload=%7B%22ref%22%3A1%7D', form, unwrap)).toEqual({ ref: 1 })
    expect(await messageOf('command=%2Fx', form, unwrap)).toEqual({ command: '/x' })
    expect(await messageOf('payload=%7B', form, unwrap)).toBe('invalid-json')
  })

  test('multipart fields are text, files are named and stand apart', async () => {
    const message = await multipart(
      `--b\ncontent-disposition: form-data; name="a"\n\nhéllo\n--b\ncontent-disposition: form-data; name="f"; filename="../../etc/ü.png"\ncontent-type: image/png\n\nPNG\n--b--\n`,
    )
    expect(message).toEqual({
      a: 'héllo',
      f: {
        filename: 'ü.png',
        contentType: 'image/png',
        bytes: 3,
        sha256: createHash('sha256').update('PNG').digest('hex'),
        file: 0,
      },
    })
  })

  test('multipart that breaks off, or has no boundary, is refused', async () => {
    expect(await multipart(`--b\ncontent-disposition: form-data; name="a"\n\n1`)).toBe('invalid-multipart')
    expect(await multipart(`--b\ncontent-disposition: form-data; name="a"; filename="x"\n\n1`)).toBe(
      'invalid-multipart',
    )
    expect(await messageOf('x', 'multipart/form-data')).toBe('invalid-multipart')
  })
})

describe('XML', () => {
  test('elements, attributes and lists become an object, and text stays text', async () => {
    const message = await messageOf(
      '<?xml version="1.0"?><o id="7"><n>007</n><n>x &amp; y</n></o>',
      'application/soap+xml',
    )
    expect(message).toEqual({ o: { '@id': '7', n: ['007', 'x & y'] } })
  })

  test('entities of its own are refused, inside and outside ones', async () => {
    const laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>'
    const file = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
    expect(await messageOf(laughs, 'text/xml')).toBe('xml-entities')
    expect(await messageOf(file, 'text/xml')).toBe('xml-entities')
    expect(await messageOf(Buffer.from(laughs, 'utf16le'), 'text/xml; charset=utf-16le')).toBe('xml-entities')
  })

  test('a document type without entities is only read over', async () => {
    expect(await messageOf('<!DOCTYPE c SYSTEM "http://127.0.0.1:1/c.dtd"><c>1</c>', 'text/xml')).toEqual({
      c: '1',
    })
  })

  test('no element or attribute reaches a prototype', async () => {
    const message = await messageOf('<a><__proto__><polluted>1</polluted></__proto__></a>', 'text/xml')
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(JSON.stringify(message)).toMatch(/polluted|invalid-xml/)
  })

  test.each(['<a>', '<a></b>', 'no xml', '<a b=1/>'])('%s is refused', async (text) => {
    expect(await messageOf(text, 'text/xml')).toBe('invalid-xml')
  })
})

describe('text and bytes', () => {
  test('text is text in its charset, and an unknown charset is refused', async () => {
    expect(await messageOf('héllo', 'text/plain')).toBe('héllo')
    expect(await messageOf(Buffer.from('héllo', 'latin1'), 'text/plain; charset=iso-8859-1')).toBe('héllo')
    expect(await messageOf(Buffer.from('héllo', 'latin1'), 'text/csv')).toBe('invalid-utf-8')
    expect(await read('x', 'text/plain; charset=klingon')).toMatchObject({
      status: 415,
      reason: 'unknown-charset',
    })
  })

  test('anything else is kept as its bytes', async () => {
    expect(await messageOf(Buffer.from([0xff, 0x00]), 'image/png')).toEqual({
      contentType: 'image/png',
      bytes: 2,
      base64: '/wA=',
    })
    expect(await messageOf(Buffer.from([0xff]))).toEqual({ contentType: '', bytes: 1, base64: '/w==' })
  })
})

describe('Content-Encoding', () => {
  const content = Buffer.from('{"a":1}')
  const bomb = gzipSync(Buffer.alloc(50_000_000))

  test.each([
    ['gzip', gzipSync(content)],
    ['X-GZIP', gzipSync(content)],
    ['deflate', deflateSync(content)],
    ['deflate', deflateRawSync(content)],
    ['br', brotliCompressSync(content)],
    ['identity', content],
    [undefined, content],
  ])('%s is undone', async (encoding, body) => {
    expect(await decodeContent(body, encoding, 100)).toEqual({ ok: true, body: content })
  })

  test('a bomb is refused at the limit, whatever it would have become', async () => {
    for (const [encoding, body] of [
      ['gzip', bomb],
      ['deflate', deflateSync(Buffer.alloc(1_000_000))],
      ['br', brotliCompressSync(Buffer.alloc(1_000_000))],
    ] as const) {
      expect(await decodeContent(body, encoding, 10_000)).toMatchObject({ status: 413, reason: 'too-large' })
    }
  })

  test('stacked and unknown encodings are refused, and so is a body that is not what it says', async () => {
    for (const encoding of ['gzip, gzip', 'zstd', 'compress', '__proto__', 'toString']) {
      expect(await decodeContent(gzipSync(content), encoding, 100)).toMatchObject({ status: 415 })
    }
    expect(await decodeContent(content, 'gzip', 100)).toMatchObject({ status: 400, reason: 'bad-encoding' })
    expect(await decodeContent(gzipSync(content).subarray(0, 15), 'gzip', 100)).toMatchObject({ status: 400 })
  })
})
