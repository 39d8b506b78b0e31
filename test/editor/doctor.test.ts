import { describe, expect, test } from 'vitest'
import type { Graph } from '../../nodes/contract/graph.ts'
import { readPasted } from '../../editor/doctor/pasted-request.ts'
import { type SettingRemedy, changed, mended } from '../../editor/doctor/remedy.ts'

const remedy = (field: SettingRemedy['field'], change: SettingRemedy['change']): SettingRemedy => ({
  kind: 'setting',
  field,
  change,
  label: 'Change it',
})

describe('a remedy', () => {
  test('merges what it says into the setting, and takes away what it names null', () => {
    const before = { scheme: 'hmac', secret: { $secret: 'A' }, prefix: 'v1=', header: 'X-Sig' }
    expect(changed(before, remedy('verification', { prefix: null, encoding: 'base64' }))).toEqual({
      scheme: 'hmac',
      secret: { $secret: 'A' },
      header: 'X-Sig',
      encoding: 'base64',
    })
  })

  test('that chooses another sender keeps the secrets and drops what was the old sender’s', () => {
    const before = { scheme: 'hmac', secret: { $secret: 'A' }, prefix: 'v1=', verifyToken: 'x' }
    expect(changed(before, remedy('verification', { scheme: 'stripe' }))).toEqual({
      scheme: 'stripe',
      secret: { $secret: 'A' },
    })
  })

  test('puts a list in the place of the list, in the webhook node and nowhere else', () => {
    const graph: Graph = {
      nodes: [
        { id: 'hook', type: 'webhook', data: { config: { allowFrom: ['192.0.2.1'] } } },
        { id: 'text', type: 'transform', data: { config: { expression: '$' } } },
      ],
      edges: [],
    } as unknown as Graph
    const next = mended(graph, remedy('allowFrom', ['192.0.2.1', '192.0.2.2']))
    expect(next.nodes[0]?.data.config).toEqual({ allowFrom: ['192.0.2.1', '192.0.2.2'] })
    expect(next.nodes[1]).toBe(graph.nodes[1])
    expect(mended({ ...graph, nodes: [] }, remedy('methods', ['GET'])).nodes).toEqual([])
  })
})

const read = (text: string) => {
  const pasted = readPasted(text)
  if (!pasted.ok) throw new Error(pasted.message)
  return pasted.request
}

describe('a pasted request', () => {
  test('is headers, an empty line and the body to its last character', () => {
    expect(read('X-Sig: abc\nContent-Type: application/json\n\n{"a": 1}\n')).toEqual({
      headers: [
        { name: 'X-Sig', value: 'abc' },
        { name: 'Content-Type', value: 'application/json' },
      ],
      body: '{"a": 1}\n',
    })
  })

  test('may begin with its request line, and lack the empty line', () => {
    expect(
      read('POST https://example.com/hooks/x HTTP/1.1\r\nHost: example.com\r\nX-Sig: a:b\r\n{"a":1}'),
    ).toEqual({
      method: 'POST',
      url: 'https://example.com/hooks/x',
      headers: [
        { name: 'Host', value: 'example.com' },
        { name: 'X-Sig', value: 'a:b' },
      ],
      body: '{"a":1}',
    })
    expect(read('PUT /hooks/x\nX-Sig: a')).toEqual({
      method: 'PUT',
      headers: [{ name: 'X-Sig', value: 'a' }],
      body: '',
    })
  })

  test('may be a curl command, as browsers and documents write it', () => {
    expect(
      read(
        `$ curl -sS -X POST 'https://example.com/hooks/x' \\\n  -H "X-Sig: a\\"b" --header 'Content-Type: application/json' \\\n  --data-raw $'{"it\\'s":"\\n"}' -m 5`,
      ),
    ).toEqual({
      method: 'POST',
      url: 'https://example.com/hooks/x',
      headers: [
        { name: 'X-Sig', value: 'a"b' },
        { name: 'Content-Type', value: 'application/json' },
      ],
      body: '{"it\'s":"\n"}',
    })
    expect(read("curl http://a.example -d a=1 -d 'b=2'").body).toBe('a=1&b=2')
  })

  test('that is none says what to paste', () => {
    expect(readPasted('  ')).toEqual({ ok: false, message: '' })
    expect(readPasted('{"a":1}')).toMatchObject({ message: expect.stringMatching(/headers first/) })
    expect(readPasted('curl -d @body.json https://a.example')).toMatchObject({
      message: expect.stringMatching(/file body\.json/),
    })
    expect(readPasted("curl -d '{ https://a.example")).toMatchObject({
      message: expect.stringMatching(/within a quote/),
    })
  })
})
