/** Data beside the graph: samples, previews, the JSON tree, and the way of the first event. */
import type { Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, openTarget } from '../support/editor-world.ts'
import { eventually } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'
import { publish, pushGraph } from '../support/workflows.ts'

// A browser on two cores that others use too.
vi.setConfig({ testTimeout: 60_000 })

/** The inspector's tab. */
const tab = (page: Page, name: 'Settings' | 'Data') => page.getByRole('tab', { name }).click()

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())

test.skipIf(!hasBrowser)(
  'shows what a node makes of a sample, and of the next one that is chosen',
  async () => {
    const { server, browser } = await editorWorld()
    const target = await openTarget()
    const { id } = await server.api('POST', '/api/workflows', { name: 'Try', graph: pushGraph(target.url) })
    const page = await browser.open(`/workflows/${id}?node=main`)
    await tab(page, 'Data')
    const data = page.getByRole('complementary')

    // Nothing has come yet: GitHub's own example is looked at.
    await data.getByText('The condition holds').waitFor()
    await data.getByRole('treeitem', { name: 'ref: "refs/heads/main"' }).click()
    await data.getByText('Copied ref').waitFor()
    expect(await clipboard(page)).toBe('ref')
    expect(await violationsOf(page)).toEqual([])

    await data.getByRole('button', { name: /^Sample/ }).click()
    await page.getByPlaceholder('Find a sample by type').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.type('own')
    await page.keyboard.press('Enter')
    const field = page.getByRole('textbox', { name: 'Your own JSON' })
    await field.fill('{ "ref": "refs/heads/next",\n "x": }')
    await page.getByText('it breaks in line 2, at }').waitFor()
    await field.fill('{ "ref": "refs/heads/next" }')
    await page.keyboard.press('Control+Enter')
    await data.getByText('The condition does not hold').waitFor()

    // The choice is kept when the page is loaded again.
    await page.reload()
    await tab(page, 'Data')
    await data.getByText('The condition does not hold').waitFor()

    await page.goto(`${server.url}/workflows/${id}?node=send`)
    await tab(page, 'Data')
    await data.getByText('This sample does not get here').waitFor()
    await data.getByRole('button', { name: /^Sample/ }).click()
    await page.getByRole('option', { name: 'GitHub · push' }).click()
    await data.getByText(`It would be POST to ${target.url}`).waitFor()
    await data.getByText('Its body would be the input below').waitFor()
    expect(target.requests).toHaveLength(0)
    expect(page.complaints).toEqual([])
  },
)

test.skipIf(!hasBrowser)(
  'walks a tree by keyboard, and shows markup and control codes as characters',
  async () => {
    const { server, browser } = await editorWorld()
    const graph = { nodes: [{ id: 'hook', type: 'webhook' }], edges: [] }
    const { id, path } = await publish(server, graph)
    const red = '\u001b[31mred <img src=x onerror=alert(1)>'
    const body = {
      'list-of': [{ text: red }, 2],
      link: 'javascript:alert(1)',
      more: 'done',
    }
    await fetch(server.url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    })
    const page = await browser.open(`/workflows/${id}?node=hook`)
    await tab(page, 'Data')
    const tree = page.getByRole('tree', { name: /^Output/ })
    await tree
      .getByRole('treeitem', { name: 'text: "\\u001b[31mred <img src=x onerror=alert(1)>"' })
      .waitFor()
    expect(await tree.locator('img, a').count()).toBe(0)
    expect(await violationsOf(page)).toEqual([])

    await tree.focus()
    for (const key of ['ArrowDown', 'ArrowLeft']) await page.keyboard.press(key)
    await tree.getByText('[…]').waitFor()
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'Enter']) await page.keyboard.press(key)
    await page.getByText('Copied $steps.hook.`list-of`[0].text').waitFor()
    expect(await clipboard(page)).toBe('$steps.hook.`list-of`[0].text')

    await page.keyboard.press('Control+c')
    await eventually(
      () => clipboard(page),
      (text) => text === red,
    )
    await page.getByRole('button', { name: 'Show as text' }).last().click()
    await page.locator('pre', { hasText: '"javascript:alert(1)"' }).waitFor()
    expect(page.complaints).toEqual([])
  },
)

test.skipIf(!hasBrowser)('does not freeze on a text of a megabyte and a list of 100,000 items', async () => {
  const { server, browser } = await editorWorld()
  const graph = { nodes: [{ id: 'hook', type: 'webhook' }], edges: [] }
  const { id, path } = await publish(server, graph)
  const body = { text: 'x'.repeat(1_000_000), list: Array.from({ length: 100_000 }, (_, n) => n) }
  await fetch(server.url + path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  const page = await browser.open(`/workflows/${id}?node=hook`)
  await tab(page, 'Data')
  const tree = page.getByRole('tree', { name: /^Output/ })
  await tree.getByText('100,000 items').click()
  await tree.getByText('Show 100 more').click()
  await tree.getByText('99,800 left').waitFor()
  expect(await tree.getByRole('treeitem').count()).toBe(204)
  await tree.getByText('show more').first().click()
  await tree.getByText('990,000 characters left').waitFor()
  // However much there is, the page holds no more than a person has asked for.
  expect(await page.evaluate(() => document.body.textContent.length)).toBeLessThan(50_000)
  expect(page.complaints).toEqual([])
})

test.skipIf(!hasBrowser)(
  'leads from a new webhook to its first event, and takes in by hand what was refused',
  async () => {
    const { server, browser } = await editorWorld()
    const target = await openTarget()
    const graph = pushGraph(target.url)
    const [, ...rest] = graph.nodes
    const hook = { id: 'hook', type: 'webhook', data: { config: { verification: { scheme: 'github' } } } }
    const made = await server.api('POST', '/api/workflows', {
      name: 'First',
      graph: { ...graph, nodes: [hook, ...rest] },
    })
    const page = await browser.open(`/workflows/${made.id}?node=hook`)
    await tab(page, 'Settings')
    await page.getByText('It answers 404 until you publish').waitFor()
    await page.getByText('Settings → Webhooks → Add webhook').waitFor()
    await page.getByText('Waiting for the first event…').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Copy the hook URL' }).click()
    expect(await clipboard(page)).toBe(made.hook.url)

    await page.getByRole('button', { name: 'Generate one' }).click()
    await page.getByText('and not shown again').waitFor()
    await page.getByRole('button', { name: 'Copy the secret' }).click()
    expect(await clipboard(page)).toMatch(/^[0-9a-f]{64}$/)
    expect((await server.api('GET', '/api/secrets')).items).toMatchObject([{ name: 'GITHUB' }])
    await eventually(
      () => server.api('GET', `/api/workflows/${made.id}`),
      ({ draft }) => draft.nodes[0].data.config.verification.secret?.$secret === 'GITHUB',
    )

    await page.getByRole('button', { name: 'Send me a test event' }).click()
    await page.getByText('The door answered 200. The draft runs it now.').waitFor()
    await page.getByText('push came now').waitFor()
    await target.received(1)
    expect(await violationsOf(page)).toEqual([])

    // Live: nobody reloads.
    await server.api('POST', `/api/workflows/${made.id}/publish`)
    await fetch(server.url + new URL(made.hook.url).pathname, {
      method: 'POST',
      body: '{"ref":"refs/heads/main"}',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
    })
    await page.getByText('The signature did not match').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Accept by hand' }).click()
    await page.getByText('Accepted by hand').waitFor()
    await target.received(2)
    expect(page.complaints).toEqual([])
  },
)

test.skipIf(!hasBrowser)(
  'a secret that a template names is stored under that name; a changed one leaves it to others',
  async () => {
    const { server, browser } = await editorWorld()
    const secret = { $secret: 'GITHUB_PUSHES' }
    const hook = {
      id: 'hook',
      type: 'webhook',
      data: { config: { verification: { scheme: 'github', secret } } },
    }
    const made = await server.api('POST', '/api/workflows', {
      name: 'From a template',
      graph: { nodes: [hook], edges: [] },
    })
    const names = async () =>
      (await server.api('GET', '/api/secrets')).items.map(({ name }: { name: string }) => name)
    const page = await browser.open(`/workflows/${made.id}?node=hook`)
    const field = page.getByLabel('The secret of GitHub')
    await field.fill('It is a secret to everybody')
    await page.keyboard.press('Enter')
    await page.getByText('Stored as GITHUB_PUSHES').waitFor()
    expect(await names()).toEqual(['GITHUB_PUSHES'])
    const { draft } = await server.api('GET', `/api/workflows/${made.id}`)
    expect(draft.nodes[0].data.config.verification.secret).toEqual(secret)

    await page.getByRole('button', { name: 'Change' }).click()
    await field.fill('Another one')
    await page.getByRole('button', { name: 'Store' }).click()
    await page.getByText(/Stored as GITHUB\./).waitFor()
    expect(new Set(await names())).toEqual(new Set(['GITHUB', 'GITHUB_PUSHES']))
    expect(page.complaints).toEqual([])
  },
)
