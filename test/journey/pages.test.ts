/** The built editor as the server serves it: its page at its addresses, its files, and nothing else instead of the API. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type World, openWorld } from '../http/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

const browse = (path: string, init: RequestInit = {}) =>
  fetch(world.url + path, { headers: { accept: 'text/html,*/*' }, ...init })

test.each(['/', '/workflows', '/workflows/wf_1', '/events', '/runs/run_1', '/sign-in'])(
  '%s is the editor’s page, and is not kept',
  async (path) => {
    const page = await browse(path)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(await page.text()).toContain('<div id="root">')
  },
)

test('its files bear their content in their names, and are kept for good', async () => {
  const html = await (await browse('/')).text()
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(html)?.[1] ?? ''
  const file = await browse(script)
  expect(file.status).toBe(200)
  expect(file.headers.get('content-type')).toMatch(/javascript/)
  expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect((await browse('/assets/gone.js')).status).toBe(404)
})

test('no page stands where the API, a hook or nothing is', async () => {
  expect((await browse('/api/nothing')).status).toBe(401)
  expect((await browse('/hooks/unknown')).status).toBe(404)
  expect((await browse('/a/b/c')).headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  // A program that asks for JSON learns that there is nothing.
  expect((await fetch(`${world.url}/workflows`, { headers: { accept: 'application/json' } })).status).toBe(
    404,
  )
  expect((await browse('/workflows', { method: 'POST' })).status).toBe(404)
})
