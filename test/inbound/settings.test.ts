import { expect, test } from 'vitest'
import { settingProblems } from '../../nodes/contract/problems.ts'
import { webhook } from '../../nodes/webhook.ts'

/** What publishing would say of a webhook node with these settings. */
const problemsOf = (config: Readonly<Record<string, unknown>>) =>
  settingProblems(
    { nodes: [{ id: 'hook', type: 'webhook', position: { x: 0, y: 0 }, data: { config } }], edges: [] },
    { webhook },
  ).map(({ path, message }) => `${path}: ${message}`)

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['nothing at all, for a quick start', {}],
  ['no verification by choice', { verification: { scheme: 'none' } }],
  ['a provider with a stored secret', { verification: { scheme: 'github', secret: { $secret: 'GITHUB' } } }],
  ['several secrets', { verification: { scheme: 'stripe', secrets: ['whsec_a', { $secret: 'NEW' }] } }],
  [
    'a longer tolerance',
    { verification: { scheme: 'slack', secret: 's', timestamp: { toleranceSeconds: 600 } } },
  ],
  [
    'every knob',
    {
      verification: {
        scheme: 'hmac',
        secret: 's',
        header: 'X-Sig',
        parts: { signature: 'v1', timestamp: 't' },
        signed: '{id}.{timestamp}.{body}',
        algorithm: 'sha512',
        encoding: 'base64',
        prefix: 'v1=',
        key: 'hex',
        id: 'x-id',
        timestamp: { unit: 'milliseconds', toleranceSeconds: 60 },
      },
    },
  ],
  [
    'the rest of the node',
    {
      methods: ['GET', 'POST'],
      allowFrom: ['192.0.2.0/24', '::1'],
      dedupe: { key: '$: order.id', windowSeconds: 60 },
      answer: { status: 202, headers: { 'x-a': 'b' }, body: { ok: true } },
      limits: { bodyBytes: 1_000_000 },
    },
  ],
  [
    'the workflow’s own answer, and a window by default',
    { answer: 'workflow', dedupe: { key: 'header:X-Id' } },
  ],
])('%s can be published', (_words, config) => {
  expect(problemsOf(config)).toEqual([])
})

test.each<[Readonly<Record<string, unknown>>, RegExp]>([
  [{ scheme: 'githup', secret: 's' }, /verification\.scheme: .*"githup".*Did you mean "github"\?/],
  [{ scheme: 'github' }, /verification\.secret: .*GitHub needs a secret/],
  [{ scheme: 'github', secrets: [] }, /verification\.secret: .*needs a secret/],
  [{ scheme: 'github', secret: '' }, /verification\.secret: .*a secret is not empty/],
  [{ scheme: 'github', secret: 's', prefix: 'x' }, /verification\.prefix: .*no setting "prefix"/],
  [{ scheme: 'github', secret: 's', variant: 'md5' }, /verification\.variant: .*it has sha256/],
  [{ scheme: 'github', secret: 's', sercet: 't' }, /verification: .*unknown: sercet/],
  [{ scheme: 'none', secret: 's' }, /verification\.secret: .*"none" has no setting "secret"/],
  [{ scheme: 'slack', secret: 's', timestamp: { from: 'x' } }, /only toleranceSeconds can be set/],
  [{ scheme: 'hmac', secret: 's', algorithm: 'md5' }, /verification\.algorithm: .*"md5" is not known/],
  [{ scheme: 'hmac', secret: 's', signed: '{bdy}' }, /verification\.signed: .*\{bdy\} stands for nothing/],
  [{ scheme: 'hmac', secret: 's', signed: '{url}' }, /verification\.signed: .*does not hold \{body\}/],
  [{ scheme: 'hmac', secret: 's', signed: '{timestamp}{body}' }, /verification\.timestamp: .*Say where/],
  [{ scheme: 'hmac', secret: 's', signed: '{id}{body}' }, /verification\.id: .*Say where/],
  [
    { scheme: 'hmac', secret: 's', signed: '{body}', timestamp: { from: 'x-time' } },
    /the timestamp is not signed/,
  ],
  [{ scheme: 'jwt', secret: 's', algorithm: 'none' }, /verification\.algorithm: .*"none" is not accepted/],
  [{ scheme: 'jwt', secret: 's', algorithms: ['none'] }, /verification\.algorithms/],
])('a verification of %j is told what is wrong', (verification, words) => {
  expect(problemsOf({ verification }).join('\n')).toMatch(words)
})

test.each<[Readonly<Record<string, unknown>>, RegExp]>([
  [{ methods: ['BREW'] }, /config\.methods\.0: .*a method is one of/],
  [{ allowFrom: ['example.com'] }, /config\.allowFrom\.0: .*192\.0\.2\.0\/24/],
  [{ dedupe: { key: 'sometimes' } }, /config\.dedupe\.key: .*preset, header:NAME/],
  [{ dedupe: { key: '$:  ' } }, /config\.dedupe\.key/],
  [{ dedupe: { key: 'body', windowSeconds: 31 * 86_400 } }, /at most 30 days/],
  [{ answer: { status: 99 } }, /config\.answer\.status: .*at least 200/],
  [{ answer: { status: 200, headers: { a: 'b\r\nc: d' } } }, /no line break/],
  [{ limits: { bodyBytes: 'banana' } }, /config\.limits\.bodyBytes: .*a whole number of bytes/],
  [
    { verification: { scheme: 'github', secret: 's' }, dedupe: { key: 'header:X-Hub-Signature-256' } },
    /config\.dedupe\.key: .*proves the sender/,
  ],
  [
    { verification: { scheme: 'bearer', secret: 's' }, dedupe: { key: 'header: Authorization' } },
    /proves the sender/,
  ],
])('settings of %j are told what is wrong', (config, words) => {
  expect(problemsOf(config).join('\n')).toMatch(words)
})

test('the card says in words who calls, and that nothing is verified', () => {
  expect(webhook.sentence({}).join(' ')).toContain('not verified')
  expect(webhook.sentence({ verification: { scheme: 'stripe' } })).toEqual(['When', 'Stripe', 'calls'])
  expect(webhook.sentence({ verification: { scheme: 'hmac' } })).toEqual([
    'When a caller shows',
    'a signature',
  ])
})
