import { describe, expect, test } from 'vitest'
import type { Saved } from '../../nodes/contract/field.ts'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import { settingProblems } from '../../nodes/contract/problems.ts'
import { nodeTypes } from '../../nodes/index.ts'

const node = (id: string, type: string, config: Saved = {}): GraphNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { config },
})

const hook = node('hook', 'webhook')
const text = node('text', 'transform', { expression: 'a' })
const send = node('send', 'http', { url: 'https://example.com' })

const settings = (...nodes: readonly GraphNode[]) =>
  settingProblems({ nodes: [hook, ...nodes], edges: [] }, nodeTypes)

describe('a setting', () => {
  test('that is right has no problem', () => {
    expect(settings(text, send)).toEqual([])
  })

  test('that may be open has no problem as an expression, a template or a secret', () => {
    const config = {
      method: { $: 'm' },
      url: 'https://{{ host }}/x',
      headers: { authorization: { $secret: 'API' }, 'x-id': '{{ id }}', 'x-n': { $: 'n' } },
      body: { deep: [{ $: 'a' }, '{{ b }}', { $secret: 'C' }] },
      timeoutMs: { $: 't' },
      signing: { secret: { $secret: 'SIGN' } },
    }
    expect(settings(node('a', 'http', config))).toEqual([])
    expect(settings(node('a', 'http', { url: { $secret: 'SLACK_URL' }, signing: { $secret: 'S' } }))).toEqual(
      [],
    )
    expect(settings(node('a', 'delay', { until: '{{ at }}' }))).toEqual([])
  })

  test('is missed where the graph has no webhook node', () => {
    expect(settingProblems({ nodes: [send], edges: [] }, nodeTypes)).toMatchObject([
      { nodeId: null, path: 'nodes' },
    ])
  })

  test.each<readonly [string, string, Saved, string, string]>([
    ['a missing URL', 'http', {}, 'config.url', 'URL: a URL is missing.'],
    ['no URL', 'http', { url: 'example.com' }, 'config.url', 'URL: a URL starts with https:// or http://.'],
    ['a missing expression', 'transform', {}, 'config.expression', 'Expression: an expression is missing.'],
    [
      'an expression in place of a program',
      'transform',
      { expression: { $: 'a' } },
      'config.expression',
      'Expression: write the source itself here, as plain text without { "$": … } around it.',
    ],
    ['missing code', 'script', { code: ' \n' }, 'config.code', 'Code: the code is missing.'],
    [
      'too much time',
      'script',
      { code: 'x', timeoutMs: 60_001 },
      'config.timeoutMs',
      'Time limit (ms): at most 60000.',
    ],
    [
      'a wrong type',
      'script',
      { code: 'x', memoryMb: '64' },
      'config.memoryMb',
      'Memory limit (MB): expected a number, found "64".',
    ],
    [
      'a misspelt setting',
      'http',
      { url: 'https://a.b', haeders: {} },
      'config.haeders',
      'There is no setting "haeders": did you mean "headers"?',
    ],
    [
      'an unknown setting',
      'transform',
      { expression: 'a', until: 1 },
      'config.until',
      'There is no setting "until": there are expression',
    ],
    [
      'an unknown method',
      'http',
      { url: 'https://a.b', method: 'FETCH' },
      'config.method',
      'Method: expected "POST" or "GET" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS", found "FETCH".',
    ],
    [
      'a header name with a space',
      'http',
      { url: 'https://a.b', headers: { 'a b': 'x' } },
      'config.headers.a b',
      'Headers: a header name has letters, digits and dashes.',
    ],
    [
      'a header that is a list',
      'http',
      { url: 'https://a.b', headers: { a: [1] } },
      'config.headers.a',
      'Headers: a header value is text.',
    ],
    [
      'statuses that are none',
      'http',
      { url: 'https://a.b', retry: { statuses: '5xx' } },
      'config.retry.statuses',
      'Retry: statuses look like 429,500-599.',
    ],
    [
      'a knob too many',
      'http',
      { url: 'https://a.b', retry: { delay: 1 } },
      'config.retry',
      'Retry: unknown: delay.',
    ],
    [
      'a bad name of a secret',
      'http',
      { url: 'https://a.b', headers: { a: { $secret: '1 x' } } },
      'config.headers.a',
      `Headers: "1 x" cannot be a secret's name: it starts with a letter and has letters, digits, dashes and underscores.`,
    ],
    [
      'a secret as a number',
      'http',
      { url: 'https://a.b', timeoutMs: { $secret: 'X' } },
      'config.timeoutMs',
      'Timeout (ms): a secret cannot stand here: give the value itself.',
    ],
    [
      'a secret as a program',
      'transform',
      { expression: { $secret: 'X' } },
      'config.expression',
      'Expression: write the source itself here, as plain text without { "$": … } around it.',
    ],
    ['an empty expression', 'http', { url: { $: ' ' } }, 'config.url', 'URL: the expression is empty.'],
    [
      'a signing secret that is a number',
      'http',
      { url: 'https://a.b', signing: 7 },
      'config.signing',
      'Signing secret: expected text or an object, found 7.',
    ],
    [
      'neither condition nor rules',
      'filter',
      {},
      'config.condition',
      'Condition: write a condition, or add a rule.',
    ],
    [
      'condition and rules',
      'filter',
      { condition: 'a', rules: { field: 'ip', is: 'exists' } },
      'config.rules',
      'Rules: a filter has a condition or rules, not both. Remove one of them.',
    ],
    [
      'a rule that is wrong',
      'filter',
      { rules: { all: [{ field: 'ref', is: 'exists' }] } },
      'config.rules.all.0.field',
      'Rules: a field starts with method, path, ip, type, header, query, body, message; e.g. body.ref or header.x-github-event.',
    ],
    ['no cases', 'switch', {}, 'config.cases', 'Cases: a switch has at least one case.'],
    [
      'a case without a condition',
      'switch',
      { cases: [{ port: 'a', condition: '' }] },
      'config.cases.0.condition',
      'Cases: an expression is missing.',
    ],
    [
      'a case named otherwise',
      'switch',
      { cases: [{ port: 'otherwise', condition: 'a' }] },
      'config.cases.0.port',
      'Cases: "otherwise" is there already: give this port another name.',
    ],
    [
      'two cases of one name',
      'switch',
      {
        cases: [
          { port: 'a', condition: 'a' },
          { port: 'a', condition: 'b' },
        ],
      },
      'config.cases',
      'Cases: two cases have the same port: every port name stands once.',
    ],
    ['no time to wait', 'delay', {}, 'config.for', 'For: say how long, or until when, the message waits.'],
    [
      'two times to wait',
      'delay',
      { for: 1, until: 5 },
      'config.until',
      'Until: a delay lasts for a time or until a moment, not both. Remove one of them.',
    ],
    [
      'too long a wait',
      'delay',
      { for: 366 * 86_400 },
      'config.for',
      'For (seconds): at most 31536000 seconds.',
    ],
    [
      'no moment',
      'delay',
      { until: 'tomorrow' },
      'config.until',
      'Until: a time looks like 2027-01-31T09:00:00Z.',
    ],
    ['a status that is none', 'respond', { status: 99 }, 'config.status', 'Status: at least 200.'],
  ])('%s', (_what, type, config, path, message) => {
    expect(settings(node('it', type, config))).toEqual([{ nodeId: 'it', path, message }])
  })

  test('that a newer Hookloom saved is told as such', () => {
    const newer = { ...text, data: { ...text.data, version: 2 } }
    expect(settings(newer)).toMatchObject([{ nodeId: 'text', path: 'version' }])
  })
})
