/** Many pages of one browser: they share one stream of what happens, and each shows it. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, journeyMs } from '../support/editor-world.ts'

/** A browser has six connections to a server that speaks HTTP/1.1. */
const pagesOpen = 8

test.skipIf(!hasBrowser)(
  'more pages than a browser has connections all hear what happens, also when the one that listens is closed',
  async () => {
    const { server, browser } = await editorWorld()
    const { id } = await server.api('POST', '/api/workflows', {
      name: 'First',
      graph: { nodes: [], edges: [] },
    })
    const rename = (name: string) => server.api('PATCH', `/api/workflows/${id}`, { name })
    const listening = new Set<Page>()
    browser.context.on('request', (request) => {
      if (new URL(request.url()).pathname === '/api/live') listening.add(request.frame().page())
    })
    const pages: Awaited<ReturnType<typeof browser.open>>[] = []
    for (let n = 0; n < pagesOpen; n += 1) {
      const page = await browser.open('/workflows')
      await page.getByText('1 workflow', { exact: true }).waitFor()
      pages.push(page)
    }
    expect([...listening]).toEqual([pages[0]])

    await rename('Renamed')
    await Promise.all(pages.map((page) => page.getByRole('link', { name: 'Renamed' }).waitFor()))

    const [first, ...others] = pages
    await first?.close()
    await expect.poll(() => listening.size).toBe(2)
    await rename('Renamed again')
    await Promise.all(others.map((page) => page.getByRole('link', { name: 'Renamed again' }).waitFor()))
    expect(others.flatMap(({ complaints }) => complaints)).toEqual([])
  },
  journeyMs,
)
