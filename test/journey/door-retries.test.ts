/** Senders that say of a delivery that they sent it before: the event says so, whatever they say it by. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isJsonObject, type Json } from '../../nodes/contract/json.ts'
import type { Provider, Sample } from '../../nodes/contract/provider.ts'
import { senders } from '../../nodes/providers/index.ts'
import { chain } from '../support/chain.ts'
import { type Internet, openInternet } from '../support/internet.ts'
import { remoteWays } from '../support/remote-ways.ts'
import { type Answer, type RunningServer, removeDataDir, startServer } from '../support/server.ts'
import { plainWays } from '../support/ways.ts'

const internet: Internet = await openInternet()
const ways = [...plainWays(), ...remoteWays(internet)]
let server: RunningServer
beforeAll(async () => {
  server = await startServer({ environment: internet.environment })
})
afterAll(async () => {
  await server.stop()
  await internet.close()
  await removeDataDir(server.dataDir)
})

const repeating = senders.filter(({ retry }) => retry !== undefined)

test('those that are known to say so are asked', () => {
  expect(repeating.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'slack',
      'bitbucket',
      'jira',
      'square',
      'hubspot',
      'twitch',
      'line',
      'google-pubsub',
    ]),
  )
})

/** The sample as its sender would send it for the second time. */
function again({ retry, samples: [sample] }: Provider): Sample {
  const from = retry?.from ?? { header: '' }
  const { headers = {}, body = {}, title = '' } = sample ?? {}
  if ('header' in from) return { title, headers: { ...headers, [from.header]: '2' }, body }
  if (!('body' in from)) throw new Error('a place of its own')
  const value = retry?.unless === 'false' ? true : 2
  return { title, headers, body: placed(body, from.body.split('.'), value) }
}

function placed(json: Json, [name, ...rest]: readonly string[], value: Json): Json {
  if (name === undefined) return value
  if (Array.isArray(json)) {
    const at = Number(name)
    const items: readonly Json[] = json
    return items.toSpliced(at, 1, placed(items[at] ?? {}, rest, value))
  }
  const object = isJsonObject(json) ? json : {}
  return { ...object, [name]: placed(object[name] ?? {}, rest, value) }
}

test.each(repeating.map((provider) => [provider.id, provider] as const))(
  '%s: a first delivery is none, a second one is one',
  async (id, provider) => {
    const way = ways.find(({ settings }) => settings.scheme === id)
    if (way === undefined) throw new Error(`no way for ${id}`)
    const [pair] = way.pairs
    const verification = { ...way.settings, secret: pair.told }
    const graph = chain({ verification, dedupe: { key: 'none' } })
    const made: Answer = await server.api('POST', '/api/workflows', { name: id, graph, publish: true })
    const { pathname } = new URL(made.hook.url)
    for (const sample of [undefined, again(provider)]) {
      const { headers, query, body } = await way.deliver(pair, made.hook.url, Date.now(), sample)
      const search = new URLSearchParams(query).toString()
      const response = await fetch(`${server.url}${pathname}${search === '' ? '' : `?${search}`}`, {
        method: 'POST',
        headers: { ...headers },
        body: new Uint8Array(body),
      })
      expect(response.ok, await response.text()).toBe(true)
    }
    const { items } = await server.api('GET', `/api/events?workflowId=${made.id}`)
    expect(items.map(({ isRetry }: Answer) => isRetry)).toEqual([true, false])
  },
)
