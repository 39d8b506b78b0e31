import type { HttpAnswer } from './contract/context.ts'
import { RetryableFailure, TerminalFailure } from './contract/failure.ts'
import { body, headers, number, retry, select, signing, url } from './contract/field.ts'
import type { Json } from './contract/json.ts'
import { defineNode } from './contract/node.ts'
import { retryAfterSeconds } from './contract/retry-after.ts'
import { retriesStatus } from './contract/retry.ts'
import { shown } from './contract/shown.ts'
import { isLimited, targetLimits } from './contract/target-limits.ts'

const timeoutMsMax = 300_000

export const http = defineNode({
  id: 'http',
  title: 'HTTP request',
  summary: 'Calls a URL, tries again when that may help, and passes the answer on.',
  icon: 'send',
  group: 'send',

  fields: {
    method: select({
      label: 'Method',
      help: 'GET and HEAD send no body.',
      options: ['POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'],
    }),
    url: url({ label: 'URL', help: 'With {{ JSONata }} inside where it varies.' }),
    headers: headers({ label: 'Headers', help: 'A value may be a secret or hold {{ JSONata }}.' }),
    body: body({
      label: 'Body',
      help: 'Text with {{ JSONata }} inside, or JSON. The message when left out. Sent as JSON unless a content-type says otherwise.',
    }),
    timeoutMs: number({
      label: 'Timeout (ms)',
      help: 'For each attempt, from the first byte sent to the last received.',
      initial: 30_000,
      least: 1,
      most: timeoutMsMax,
    }),
    retry: retry({
      label: 'Retry',
      help: 'How often, after which waits, and after which answers it is tried again. Every attempt carries the same webhook-id.',
    }),
    limits: targetLimits({
      label: 'Limits of the target',
      help: 'A request beyond them waits its turn and uses up no attempt. All nodes with limits that send to the same scheme, host and port share one line; where their limits differ, each request waits by those of its own node.',
    }),
    signing: signing({
      label: 'Signing secret',
      help: 'Adds webhook-signature, by which the receiver can tell that the request is yours (Standard Webhooks).',
    }),
  },
  shows: { body: ({ method }) => hasBody(method) },
  sentence: ({ method, url }) => [shown(method, 'POST'), 'to', shown(url)],
  outputs: { success: 'Success', failure: 'Failure' },
  failurePort: 'failure',
  role: 'acts',
  pure: false,
  retry: ({ retry }) => retry,

  examples: [
    {
      title: 'The message goes out as it is',
      config: { url: 'https://hooks.slack.com/services/T0/B0/x' },
      input: { text: 'octocat pushed 2 commits' },
      answers: [{ status: 200, body: 'ok' }],
      output: { port: 'success', data: { status: 200, headers: {}, body: 'ok' } },
    },
    {
      title: 'A JSON answer is parsed',
      config: { method: 'PUT', url: 'https://api.example.com/contacts/7', body: { name: 'Ada' } },
      input: {},
      answers: [{ status: 201, body: '{"id":7,"name":"Ada"}' }],
      output: { port: 'success', data: { status: 201, headers: {}, body: { id: 7, name: 'Ada' } } },
    },
    {
      title: 'No faster than the target takes it',
      config: {
        url: 'https://api.hubapi.com/crm/v3/objects/contacts',
        limits: { requests: 100, perSeconds: 10, concurrent: 4 },
      },
      input: { properties: { email: 'ada@example.com' } },
      answers: [{ status: 201, body: '{"id":"51"}' }],
      output: { port: 'success', data: { status: 201, headers: {}, body: { id: '51' } } },
    },
  ],

  async run(
    { method, url, headers, body, timeoutMs, retry, limits, signing },
    { input, inputJson, http, now },
  ) {
    const secret = typeof signing === 'object' ? signing.secret : signing
    const answer = await http({
      method,
      url,
      timeoutMs,
      ...(hasBody(method)
        ? withBody(headers, body === undefined ? { message: input, json: inputJson } : { body })
        : { headers }),
      ...(secret === undefined ? {} : { signingSecret: secret }),
      ...(isLimited(limits) ? { limits } : {}),
    })
    const data = { status: answer.status, headers: answer.headers, body: answer.body }
    if (answer.status >= 200 && answer.status < 300) return { port: 'success', data }
    const failure = { code: 'http-status', response: data }
    if (retriesStatus(retry.statuses, answer.status)) {
      const message = `${target(url)} answered ${answer.status}, expected 2xx. Its answer says why; the retry setting says how often it is tried.`
      const afterSeconds = retryAfterSeconds(answer.headers['retry-after'], now())
      throw new RetryableFailure({ ...failure, message, afterSeconds })
    }
    throw new TerminalFailure({
      ...failure,
      message: `${target(url)} answered ${answer.status}, expected 2xx. ${advice(answer)}`,
    })
  },
})

const hasBody = (method: unknown): boolean => method !== 'GET' && method !== 'HEAD'

/** Text that somebody wrote goes out as written; everything else as JSON, unless a text message has a type of its own. */
function withBody(
  headers: Readonly<Record<string, string>>,
  content: { readonly body: Json } | { readonly message: Json; readonly json: string },
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
  const value = 'body' in content ? content.body : content.message
  const verbatim = 'body' in content || (type !== undefined && !/json/i.test(type))
  return {
    headers: type === undefined ? { 'content-type': 'application/json', ...headers } : headers,
    body:
      typeof value === 'string' && verbatim
        ? value
        : 'json' in content
          ? content.json
          : JSON.stringify(value),
  }
}

const target = (url: string): string => (URL.canParse(url) ? new URL(url).origin : 'The target')

function advice({ status, headers }: HttpAnswer): string {
  if (status >= 300 && status < 400) {
    const location = headers.location
    return location === undefined
      ? 'A redirect without a place to go to is not followed: check the URL.'
      : `It was sent to ${location}, which is not followed with a body: put that URL here if it is the right one.`
  }
  if (status === 401 || status === 403) return 'Check the credentials in the headers.'
  if (status === 404 || status === 410) return 'Check the URL.'
  return 'Its answer says why; add the status to the retry setting if trying again may help.'
}
