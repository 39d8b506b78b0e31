import { describe, expect, test } from 'vitest'
import { TerminalFailure } from '../../nodes/contract/failure.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { portsOf } from '../../nodes/contract/node.ts'
import { delay } from '../../nodes/delay.ts'
import { filter } from '../../nodes/filter.ts'
import { respond } from '../../nodes/respond.ts'
import { switchNode } from '../../nodes/switch.ts'
import { contextOf } from './node-context.ts'

const now = new Date('2026-11-22T09:30:00Z')

describe('filter', () => {
  test.each<readonly [string, Json, 'match' | 'otherwise']>([
    ['a', { a: 1 }, 'match'],
    ['a', { a: 0 }, 'otherwise'],
    ['a', {}, 'otherwise'],
    ['a', { a: '' }, 'otherwise'],
    ['a', { a: 'no' }, 'match'],
    ["$event.method = 'POST'", null, 'match'],
  ])('%s of %j leaves by %s', async (condition, input, port) => {
    const { context } = contextOf({ input })
    expect(await filter.run({ condition, rules: undefined }, context)).toEqual({ port, data: input })
  })
})

describe('switch', () => {
  const config = {
    cases: [
      { port: 'big', condition: 'n > 10' },
      { port: 'any', condition: 'n > 0' },
    ],
  }

  test('leaves by the first case that holds, and asks no further', async () => {
    const { context, calls } = contextOf({ input: { n: 20 } })
    expect(await switchNode.run(config, context)).toEqual({ port: 'big', data: { n: 20 } })
    expect(calls()).toBe(1)
    expect((await switchNode.run(config, contextOf({ input: { n: 5 } }).context)).port).toBe('any')
    expect((await switchNode.run(config, contextOf({ input: { n: 0 } }).context)).port).toBe('otherwise')
  })

  test('has its cases as ports, in order, and otherwise', () => {
    expect(Object.keys(portsOf(switchNode, config))).toEqual(['big', 'any', 'otherwise'])
    const unfinished = {
      cases: [null, { port: 7 }, { port: 'otherwise' }, { port: '__proto__' }, { port: 'x' }],
    }
    expect(Object.keys(portsOf(switchNode, unfinished))).toEqual(['__proto__', 'x', 'otherwise'])
    expect(Object.keys(portsOf(switchNode, { cases: 'no list' }))).toEqual(['otherwise'])
  })
})

const delayed = (config: { for?: number; until?: string | number }) =>
  delay.run({ for: config.for, until: config.until }, contextOf({ input: 'm', now }).context)

describe('delay', () => {
  test('holds the message back for its seconds', () => {
    expect(delayed({ for: 90 })).toEqual({
      port: 'out',
      data: 'm',
      resumeAt: new Date('2026-11-22T09:31:30Z'),
    })
  })

  test('holds the message back until its moment, given as text or as milliseconds', () => {
    const resumeAt = new Date('2026-12-01T00:00:00Z')
    expect(delayed({ until: '2026-12-01T01:00:00+01:00' })).toEqual({ port: 'out', data: 'm', resumeAt })
    expect(delayed({ until: resumeAt.getTime() })).toEqual({ port: 'out', data: 'm', resumeAt })
  })

  test('passes the message on at once when there is nothing to wait for', () => {
    expect(delayed({ for: 0 })).toEqual({ port: 'out', data: 'm' })
    expect(delayed({ until: '2026-11-22T09:29:59Z' })).toEqual({ port: 'out', data: 'm' })
  })

  test.each(['2028-01-01T00:00:00Z', 1e300])('fails when %s is more than a year away', (until) => {
    expect(() => delayed({ until })).toThrow(TerminalFailure)
  })

  test('says on its card how long', () => {
    expect(delay.sentence({ for: 5_400 })).toEqual(['Wait', '90 minutes'])
    expect(delay.sentence({ for: 86_400 })).toEqual(['Wait', '1 day'])
    expect(delay.sentence({ for: 1.5 })).toEqual(['Wait', '1.5 seconds'])
    expect(delay.sentence({ until: '{{ at }}' })).toEqual(['Wait until', '{{ at }}'])
  })
})

const answered = async (config: { headers?: Record<string, string>; body?: Json }, input: Json) => {
  const { context, responses } = contextOf({ input })
  const outcome = await respond.run(
    { status: 201, headers: config.headers ?? {}, body: config.body },
    context,
  )
  expect(outcome).toEqual({ port: 'out', data: input })
  return responses
}

describe('respond', () => {
  test('answers with the message, and passes it on', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    expect(await answered({}, { a: 1 })).toEqual([{ status: 201, headers, body: { a: 1 } }])
  })

  test('answers with its own body, null too', async () => {
    expect(await answered({ body: null }, 1)).toMatchObject([{ body: null }])
    expect(await answered({ body: 'thanks' }, 1)).toEqual([
      { status: 201, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'thanks' },
    ])
  })

  test('leaves a content type that was given as it is', async () => {
    expect(await answered({ body: '<p>', headers: { 'Content-Type': 'text/html' } }, 1)).toMatchObject([
      { headers: { 'Content-Type': 'text/html' } },
    ])
  })
})
