/** The cases of test/corpora/ssrf.json, against real listeners that must not hear of them. */
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { AddressRefused, type Lookup, openGuard, type ResolvedAddress } from '../../server/runtime/guard.ts'
import { parseTarget } from '../../server/runtime/target.ts'
import { openReceiver, type Receiver } from '../support/receiver.ts'
import { openTarget, openWayOut, outcomeOf } from './world.ts'

const corpus = JSON.parse(readFileSync(new URL('../corpora/ssrf.json', import.meta.url), 'utf8')) as {
  readonly urls: readonly { readonly id: string; readonly kind: string; readonly url: string }[]
  readonly dns: readonly {
    readonly id: string
    readonly host: string
    readonly answers: readonly (readonly ResolvedAddress[])[]
  }[]
  readonly redirects: readonly {
    readonly id: string
    readonly status: number
    readonly location: string | null
    readonly headers?: { readonly [name: string]: string }
  }[]
}

const somewherePublic: ResolvedAddress = { address: '93.184.216.34', family: 4 }
const here: ResolvedAddress = { address: '127.0.0.1', family: 4 }

/** By design every port may be reached that is not our own, so the corpus' port allow-list is off. */
const mayBeReached = new Set(['must-stay-allowed', 'port'])
const refused = corpus.urls.filter(({ kind }) => !mayBeReached.has(kind))
const reached = corpus.urls.filter(({ kind }) => mayBeReached.has(kind))

describe('an address that is not public', () => {
  test.each(refused)('$id ($kind) is refused before a connection: $url', async ({ url }) => {
    const listeners = await openListeners()
    const send = openWayOut({ allow: [], lookup: async () => [here] })
    for (const listener of listeners) {
      for (const body of [undefined, '{}']) {
        const sent = await send({ url: withPort(url, listener.port), ...(body && { body }) })
        expect(outcomeOf(sent)).toMatch(/^(address|url)-refused$/)
      }
      expect(listener.connections()).toBe(0)
    }
  })

  test('is reached in all of its spellings where it is allowed, so that these cases do test the guard', async () => {
    const listener = await openTarget()
    const send = openWayOut({ allow: ['127.0.0.1'] })
    const spellings = refused.filter(({ url }) => URL.parse(url)?.host === '127.0.0.1')
    expect(spellings.length).toBeGreaterThan(5)
    for (const { url } of spellings.filter(({ kind }) => kind === 'loopback-form')) {
      expect(outcomeOf(await send({ url: withPort(url, listener.port) }))).toBe('answered 200')
    }
    expect(listener.connections()).toBeGreaterThan(0)
  })

  test.each(refused.filter(({ kind }) => kind === 'name'))(
    '$id is refused by its name, whatever it resolves to: $url',
    async ({ url }) => {
      const asked: string[] = []
      const lookup: Lookup = async (hostname) => {
        asked.push(hostname)
        return [somewherePublic]
      }
      const { hostname } = new URL(url)
      await expect(openGuard({ allow: [], lookup }).admit(hostname, 80)).rejects.toThrow(AddressRefused)
      expect(asked).toEqual([])
      const open = openGuard({ allow: ['10.0.0.0/8'], lookup })
      await expect(open.admit(hostname, 80)).rejects.toThrow(AddressRefused)
    },
  )

  test.each(reached)('$id ($kind) is let through: $url', async ({ url }) => {
    const target = parseTarget(url)
    if (!target.ok) throw new Error(target.message)
    const { hostname, port } = target.url
    const admitted = await openGuard({ allow: [] }).admit(hostname, Number(port) || 80)
    expect(admitted.map(({ address }) => address)).toEqual([hostname.replace(/^\[|\]$/g, '')])
  })
})

describe('a name', () => {
  test.each(corpus.dns)('$id: every answer of $host is judged, and each is asked for once', async (entry) => {
    let asked = 0
    const lookup: Lookup = async () => entry.answers[asked++] ?? []
    const guard = openGuard({ allow: [], lookup })
    for (const [index, answers] of entry.answers.entries()) {
      const allPublic = answers.every(({ address }) => address === somewherePublic.address)
      const admitted = guard.admit(entry.host, 80)
      if (allPublic) await expect(admitted).resolves.toEqual(answers)
      else await expect(admitted).rejects.toThrow(AddressRefused)
      expect(asked).toBe(index + 1)
    }
  })

  test('that is moved inside between two connections is refused at the second', async () => {
    const allowed = await openTarget({
      host: '127.0.0.2',
      behaviour: { kind: 'answer', headers: { connection: 'close' } },
    })
    const inside = await openTarget({ host: '127.0.0.1', port: allowed.port })
    const answers = [{ address: '127.0.0.2', family: 4 } as const, here]
    const send = openWayOut({ allow: ['127.0.0.2'], lookup: async () => [answers.shift() ?? here] })
    const url = `http://moves.test:${allowed.port}/`
    expect(outcomeOf(await send({ url }))).toBe('answered 200')
    expect(outcomeOf(await send({ url }))).toBe('address-refused')
    expect([allowed.connections(), inside.connections()]).toEqual([1, 0])
  })

  test('with a private address among public ones is refused whole, so that none is fallen back to', async () => {
    const inside = await openTarget()
    const send = openWayOut({ allow: [], lookup: async () => [somewherePublic, here] })
    const sent = await send({ url: `http://mixed.test:${inside.port}/` })
    expect(outcomeOf(sent)).toBe('address-refused')
    expect(inside.connections()).toBe(0)
  })
})

describe('a redirect', () => {
  test.each(corpus.redirects)('$id ($status to $location) does not lead inside', async (entry) => {
    const inside = await openTarget({ host: '127.0.0.1' })
    const other = await openTarget({ host: '127.0.0.3' })
    const location = entry.location
      ?.replace('{INTERNAL}', String(inside.port))
      .replace('{OTHER_ALLOWED}', `127.0.0.3:${other.port}`)
      .replace('{SAMEHOST}', '127.0.0.2')
    const front = await openTarget({
      host: '127.0.0.2',
      behaviour: {
        kind: 'answer',
        status: entry.status,
        headers: { ...entry.headers, ...(location !== undefined && { location }) },
      },
    })
    const send = openWayOut({
      allow: ['127.0.0.2', '127.0.0.3'],
      own: [{ host: somewherePublic.address, port: 22 }],
    })
    const headers = {
      authorization: 'Bearer CANARY',
      cookie: 'CANARY',
      'proxy-authorization': 'CANARY',
      'x-api-key': 'CANARY',
      'x-own': 'holds CANARY',
    }
    const get = await send({ url: `${front.url}/`, headers }, { redact: ['CANARY'] })
    const post = await send({ url: `${front.url}/`, headers, body: '{}' }, { redact: ['CANARY'] })
    expect(inside.connections()).toBe(0)
    expect(JSON.stringify(other.requests)).not.toContain('CANARY')
    if (entry.status === 200) return
    expect(outcomeOf(post)).toMatch(/^(redirect-not-followed|address-refused)$/)
    const led = location?.includes(`:${other.port}`) === true
    expect(outcomeOf(get)).toMatch(led ? /^answered 200$/ : /^(redirect-not-followed|address-refused)$/)
  })
})

describe('what a refusal tells', () => {
  test('is the same for an open and a closed port', async () => {
    const open = await openTarget()
    const closed = await openReceiver()
    await closed.close()
    const send = openWayOut({ allow: [] })
    const [first, second] = [await send({ url: open.url }), await send({ url: closed.url })]
    expect(first.ok ? null : first.error).toEqual(second.ok ? null : second.error)
    expect(outcomeOf(first)).toBe('address-refused')
  })
})

/** On both loopback addresses, where this machine has both. */
async function openListeners(): Promise<readonly Receiver[]> {
  const opened = await Promise.allSettled(['127.0.0.1', '::1'].map((host) => openReceiver({ host })))
  const listeners = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  expect(listeners.length).toBeGreaterThan(0)
  for (const listener of listeners) onTestFinished(() => listener.close())
  return listeners
}

/** The same URL with the listener's port, where it names none. */
const withPort = (url: string, port: number): string =>
  url.replace(/^(http:\/*(?:[^/?#\\@]*@)?(?:\[[^\]]*\]|[^:/?#\\@]*))(?=[/?#\\]|$)/i, `$1:${port}`)
