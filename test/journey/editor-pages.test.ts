/** Many pages of one browser: they share one stream of what happens, and each shows it. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, journeyMs } from '../support/editor-world.ts'
import { apiToken } from '../support/server.ts'

/** A browser has six connections to a server that speaks HTTP/1.1. */
const pagesOpen = 8
/** In which a page takes another's place; it gives that one a second to answer. */
const joinMs = 10_000

/** A server with one workflow, and pages that list it; `asked` are those that asked for the stream, in turn. */
async function pagesWorld() {
  const { server, browser } = await editorWorld()
  const { id } = await server.api('POST', '/api/workflows', {
    name: 'First',
    graph: { nodes: [], edges: [] },
  })
  const asked: Page[] = []
  browser.context.on('request', (request) => {
    if (new URL(request.url()).pathname === '/api/live') asked.push(request.frame().page())
  })
  const open = async () => {
    const page = await browser.open('/workflows')
    await page.getByText('1 workflow', { exact: true }).waitFor()
    return page
  }
  /** Resolves when the pages show it. */
  const rename = async (name: string, pages: readonly Page[]) => {
    await server.api('PATCH', `/api/workflows/${id}`, { name })
    await Promise.all(pages.map((page) => page.getByRole('link', { name, exact: true }).waitFor()))
  }
  return { browser, asked, open, rename }
}

test.skipIf(!hasBrowser)(
  'more pages than a browser has connections all hear what happens, also when the one that listens is closed',
  async () => {
    const { asked, open, rename } = await pagesWorld()
    const pages: Awaited<ReturnType<typeof open>>[] = []
    for (let n = 0; n < pagesOpen; n += 1) pages.push(await open())
    await rename('Renamed', pages)
    expect(asked).toEqual([pages[0]])

    const [first, ...others] = pages
    await first?.close()
    await expect.poll(() => asked.length, { timeout: joinMs }).toBe(2)
    await rename('Renamed again', others)
    expect(others.flatMap(({ complaints }) => complaints)).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'a page that was put to sleep while it listened is relieved by the one in front, and joins it when it wakes',
  async () => {
    const { browser, asked, open, rename } = await pagesWorld()
    const first = await open()
    const second = await open()
    const session = await browser.context.newCDPSession(first)
    // As asleep: it stops at the first word that it hears.
    await session.send('Debugger.enable')
    await session.send('Debugger.pause')
    const third = await open()
    await expect.poll(() => asked, { timeout: joinMs }).toEqual([first, third])
    await rename('Renamed', [second, third])

    await session.send('Debugger.resume')
    await rename('Renamed again', [first, second, third])
    expect(asked).toEqual([first, third])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'who signs out on one page is asked to sign in on the others, and all hear again afterwards',
  async () => {
    const { open, rename } = await pagesWorld()
    const [first, second] = [await open(), await open()]
    await first.getByRole('link', { name: 'Settings' }).click()
    await first.getByRole('button', { name: 'Sign out' }).click()
    await Promise.all([first, second].map((page) => page.getByLabel('API token').waitFor()))
    for (const page of [first, second]) {
      await page.getByLabel('API token').fill(apiToken)
      await page.keyboard.press('Enter')
    }
    await first.getByRole('link', { name: 'Workflows', exact: true }).click()
    await rename('Renamed', [first, second])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'where a browser has no locks each page listens for itself',
  async () => {
    const { browser, asked, open, rename } = await pagesWorld()
    await browser.context.addInitScript(() => {
      Reflect.deleteProperty(Navigator.prototype, 'locks')
    })
    const pages = [await open(), await open()]
    await rename('Renamed', pages)
    expect(asked).toEqual(pages)
  },
  journeyMs,
)
