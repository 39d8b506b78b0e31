/** How much is loaded before a person can use the canvas: the rest comes once the graph is there. */
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, journeyMs } from '../support/editor-world.ts'
import { pushGraph } from '../support/workflows.ts'

const firstLoadBytesMax = 250_000

test.skipIf(!hasBrowser)(
  'the canvas can be used after at most 250 KB of JavaScript, and what stands around it comes then',
  async () => {
    const { server, browser } = await editorWorld()
    const { id } = await server.api('POST', '/api/workflows', {
      name: 'Push to Slack',
      graph: pushGraph('https://example.com/hook'),
    })
    await browser.context.addInitScript(() => {
      const watch = new MutationObserver(() => {
        if (document.querySelectorAll('.react-flow__node').length < 4) return
        watch.disconnect()
        performance.mark('graph drawn')
      })
      watch.observe(document, { childList: true, subtree: true })
    })
    const page = await browser.open(`/workflows/${id}`)
    await page.getByRole('button', { name: 'Publish' }).waitFor()

    const asked = await page.evaluate(() => {
      const drawn = performance.getEntriesByName('graph drawn')[0]?.startTime ?? 0
      return performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.js'))
        .map(({ name, startTime }) => ({ url: name, before: startTime <= drawn }))
    })
    const sizes = await Promise.all(
      asked
        .filter(({ before }) => before)
        .map(async ({ url }) => gzipSync(new Uint8Array(await (await fetch(url)).arrayBuffer())).length),
    )
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(total).toBeGreaterThan(0)
    expect(total).toBeLessThanOrEqual(firstLoadBytesMax)
    expect(asked.some(({ url, before }) => url.includes('/bar-') && !before)).toBe(true)
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'the form and its code editor are there before the first click on a node, which opens them offline too',
  async () => {
    const { server, browser } = await editorWorld()
    const { id } = await server.api('POST', '/api/workflows', {
      name: 'Push to Slack',
      graph: pushGraph('https://example.com/hook'),
    })
    const page = await browser.open(`/workflows/${id}`)
    await page.getByRole('button', { name: 'Publish' }).waitFor()
    await page.waitForFunction(() =>
      ['inspector', 'editor'].every((name) =>
        performance.getEntriesByType('resource').some((each) => each.name.includes(`/${name}-`)),
      ),
    )
    await browser.context.setOffline(true)
    await page.locator('.react-flow__node-card').nth(1).click()
    await page.locator('#inspector .cm-editor').first().waitFor()
  },
  journeyMs,
)
