import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { certificate } from './certificate.ts'
import { openTarget, openWayOut, outcomeOf } from './world.ts'

const lookup = async () => [{ address: '127.0.0.1', family: 4 } as const]

const trust = (): void => {
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, certificate.cert])
  onTestFinished(() => setDefaultCACertificates(before))
}

test('a certificate that nobody vouches for is refused before anything is sent', async () => {
  const target = await openTarget({ tls: certificate })
  const sent = await openWayOut({ lookup })({ url: `https://receiver.test:${target.port}/`, body: '{}' })
  expect(outcomeOf(sent)).toBe('tls-failed, again')
  expect(sent.ok || sent.error.message).toContain('NODE_EXTRA_CA_CERTS')
  expect(target.requests).toHaveLength(0)
})

test('a certificate of another host is refused, also of the address itself', async () => {
  trust()
  const target = await openTarget({ tls: certificate })
  const send = openWayOut({ lookup })
  for (const host of ['other.test', '127.0.0.1']) {
    expect(outcomeOf(await send({ url: `https://${host}:${target.port}/`, body: '{}' }))).toBe(
      'tls-failed, again',
    )
  }
  expect(target.requests).toHaveLength(0)
})

test('a trusted certificate of the right host is accepted', async () => {
  trust()
  const target = await openTarget({ tls: certificate })
  const sent = await openWayOut({ lookup })({ url: `https://receiver.test:${target.port}/in`, body: '{}' })
  expect(outcomeOf(sent)).toBe('answered 200')
})

test('a redirect from https to http is not followed', async () => {
  trust()
  const plain = await openTarget()
  const target = await openTarget({
    tls: certificate,
    behaviour: { kind: 'redirect', status: 307, location: `${plain.url}/plain` },
  })
  const send = openWayOut({ lookup })
  for (const body of [undefined, '{}']) {
    const sent = await send({ url: `https://receiver.test:${target.port}/`, ...(body && { body }) })
    expect(outcomeOf(sent)).toBe('redirect-not-followed')
    expect(sent.ok || sent.error.message).toContain('it leaves https for http')
  }
  expect(plain.connections()).toBe(0)
})

test('plain HTTP in the place of TLS is refused', async () => {
  const target = await openTarget()
  const sent = await openWayOut({ lookup })({ url: `https://receiver.test:${target.port}/`, body: '{}' })
  expect(outcomeOf(sent)).toBe('tls-failed, again')
})
