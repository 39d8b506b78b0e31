/** What goes through production, on the canvas: counts on nodes and edges, and who crossed what is chosen. */
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, openTarget } from '../support/editor-world.ts'
import { violationsOf } from '../support/violations.ts'
import { publish } from '../support/workflows.ts'

test.skipIf(!hasBrowser)('shows how many went where, and leads to each of them', async () => {
  const { server, browser } = await editorWorld()
  const target = await openTarget()
  const { id, path } = await publish(server, {
    nodes: [
      { id: 'hook', type: 'webhook', position: { x: 0, y: 0 } },
      { id: 'large', type: 'filter', position: { x: 320, y: 0 }, data: { config: { condition: 'n > 1' } } },
      { id: 'send', type: 'http', position: { x: 640, y: 0 }, data: { config: { url: target.url } } },
    ],
    edges: [
      { id: 'e1', source: 'hook', target: 'large' },
      { id: 'e2', source: 'large', sourceHandle: 'match', target: 'send' },
    ],
  })
  const page = await browser.open(`/workflows/${id}?show=production`)
  await page.getByText('Nothing came through in this time').waitFor()
  expect(await violationsOf(page)).toEqual([])

  const headers = { 'content-type': 'application/json' }
  for (const n of [1, 2, 3])
    await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify({ n }) })
  await target.received(2)
  await page.getByText('3 runs').waitFor()
  const edge = page.locator('.react-flow__edge', { has: page.locator('.canvas-count') })
  await expect.poll(() => edge.locator('.canvas-count').allTextContents()).toEqual(['3', '2'])
  expect(await violationsOf(page)).toEqual([])

  await page.locator('.canvas-count').nth(1).click()
  const crossings = page.getByRole('complementary', { name: 'Filter → HTTP request' })
  await crossings.getByRole('heading', { name: 'match' }).waitFor()
  // The heading is there before what is under it has come.
  await expect.poll(() => crossings.getByRole('link', { name: 'POST' }).count()).toBe(2)
  expect(await violationsOf(page)).toEqual([])
  await crossings.getByRole('link', { name: 'POST' }).first().click()
  await page.waitForURL(/\/runs\/run_/)
  await page.getByText('Succeeded').first().waitFor()
  expect(page.complaints).toEqual([])
})
