import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import { removeDataDir, startServer } from '../support/server.ts'
import { publish } from '../support/workflows.ts'

test('a CONNECT that is reset, or held open, neither ends the server nor keeps it from ending', async () => {
  const server = await startServer()
  const port = Number(new URL(server.url).port)
  const tunnel = () => {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    socket.on('error', () => socket.destroy())
    socket.write('CONNECT target:443 HTTP/1.1\r\nHost: target:443\r\n\r\n')
    return socket
  }
  for (let n = 0; n < 20; n += 1) {
    const socket = tunnel()
    await new Promise((resolve) => socket.once('connect', resolve))
    socket.resetAndDestroy()
  }
  const held = [tunnel(), tunnel()]
  await wait(200)
  expect((await server.call('GET', '/healthz')).status).toBe(200)
  const from = performance.now()
  expect(await server.stop()).toBe(0)
  expect(performance.now() - from).toBeLessThan(5_000)
  for (const socket of held) socket.destroy()
  await removeDataDir(server.dataDir)
})

test('runs that a crash left held while their workflow was being enabled are released by a start, or by enabling again', async () => {
  let server = await startServer()
  const { id, path } = await publish(server, chain({}), 'Left held')
  await server.api('PATCH', `/api/workflows/${id}`, { enabled: false })
  for (let n = 0; n < 5; n += 1) await fetch(`${server.url}${path}`, { method: 'POST', body: String(n) })
  const enabling = server.call('PATCH', `/api/workflows/${id}`, { enabled: true }).catch(() => undefined)
  await wait(2)
  await server.kill()
  await enabling
  server = await startServer({ dataDir: server.dataDir })
  await server.api('PATCH', `/api/workflows/${id}`, { enabled: true })
  let balance = await server.api('GET', '/api/balance')
  for (let n = 0; n < 100 && balance.succeeded < 5; n += 1) {
    await wait(50)
    balance = await server.api('GET', '/api/balance')
  }
  expect(balance).toMatchObject({ accepted: 5, succeeded: 5, held: 0, balanced: true })
  await server.stop()
  await removeDataDir(server.dataDir)
})
