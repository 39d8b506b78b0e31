/** What holds of every provider's file: its words, its data, and that its own samples are what it says of them. */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Provider } from '../../nodes/contract/provider.ts'
import type { Scheme, SignatureScheme } from '../../nodes/contract/scheme.ts'
import { parseSignedText } from '../../nodes/contract/signed-text.ts'
import { providers, senders } from '../../nodes/providers/index.ts'
import { readMessage } from '../../server/inbound/body.ts'
import { dedupeKey } from '../../server/inbound/dedupe.ts'
import { textAt } from '../../server/inbound/source.ts'
import { makeRequest } from '../inbound/make.ts'
import { bodyOfSample } from '../support/ways.ts'

const schemesOf = ({ id, schemes }: Provider): readonly Scheme[] =>
  typeof schemes === 'function' ? schemes({ scheme: id }) : schemes

const waysOf = (scheme: SignatureScheme): readonly SignatureScheme[] => [
  scheme,
  ...(scheme.otherwise === undefined ? [] : waysOf(scheme.otherwise)),
]
const signatureWays = (provider: Provider) =>
  schemesOf(provider).flatMap((scheme) => (scheme.kind === 'signature' ? waysOf(scheme) : []))

const icons = readFileSync('editor/inspector/icons.tsx', 'utf8')

test('there are more than sixty senders, each a file that is named like it, in the order of their titles', () => {
  expect(senders.length).toBeGreaterThan(60)
  const files = readdirSync('nodes/providers').map((name) => name.replace(/\.ts$/, ''))
  expect(senders.map(({ id }) => id).filter((id) => !files.includes(id))).toEqual([])
  const titles = senders.map(({ title }) => title)
  expect(titles).toEqual(titles.toSorted((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' })))
})

describe.each([...providers.values()])('$id', (provider) => {
  const { id, title, icon, link, setup, samples, settings, caution, handshakes = [] } = provider

  test('says in words what it is and how it is set up', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(title).toMatch(/\S/)
    expect(link).toMatch(/^https:\/\//)
    expect(setup.length).toBeGreaterThan(0)
    for (const step of setup) expect(step).toMatch(/^[A-Z“"].*[.”">]$/)
    expect(caution ?? 'All is signed.').toMatch(/^[A-Z].*\.$/)
    expect(icons).toMatch(new RegExp(`^  '?${icon}'?: `, 'm'))
  })

  test('warns where a request is not signed, or not all of it', () => {
    const usual = schemesOf(provider).filter(({ variant }) => variant === undefined)
    const isShown = usual.some(({ kind }) => kind === 'token' || kind === 'basic')
    const isAlsoSigned = usual.some(({ kind }) => kind === 'signature')
    const isOwnWay = !senders.includes(provider)
    if (isShown && !isAlsoSigned && !isOwnWay) expect(caution).toBeDefined()
  })

  test('is plain data, and each of its signed texts can be read', () => {
    const { schemes, ...rest } = provider
    const data = typeof schemes === 'function' ? rest : { schemes, ...rest }
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
    for (const { signed } of signatureWays(provider))
      expect(parseSignedText(signed)).toMatchObject({ ok: true })
  })

  test('takes the settings that its schemes have a use for', () => {
    const schemes = schemesOf(provider)
    expect(settings.includes('variant')).toBe(schemes.some(({ variant }) => variant !== undefined))
    const hasTimes = signatureWays(provider).some(({ timestamp }) => timestamp !== undefined)
    if (senders.includes(provider)) expect(settings.includes('timestamp')).toBe(hasTimes)
    expect(settings.includes('verifyToken')).toBe(handshakes.some(({ token }) => token !== undefined))
    expect(settings.includes('topic')).toBe(handshakes.some(({ topic }) => topic !== undefined))
  })

  test('has samples that can be read, name their delivery and are no second attempt', async () => {
    expect(samples.length).toBeGreaterThan(0)
    const headers = samples[0]?.headers ?? {}
    const body = bodyOfSample(provider)
    const read = await readMessage(body, headers['content-type'], provider.unwrap)
    expect(read).toMatchObject({ ok: true })
    if (!read.ok) return
    const request = makeRequest({ headers, body })
    // What only the signature brings (`sign` adds it) is not in a sample yet.
    const isNamed = (provider.delivery ?? []).some((place) => !('header' in place) || place.header in headers)
    const { kind } = dedupeKey('preset', { provider, request, message: read.message })
    expect(kind).toBe(isNamed ? 'key' : 'none')
    const attempt = provider.retry && textAt(provider.retry.from, { request, fields: read.message })
    expect(attempt ?? provider.retry?.unless).toBe(provider.retry?.unless)
  })
})
