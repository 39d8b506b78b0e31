/** The bar: name, publish, pause, try, history, and what happens when two people edit. */
import type { Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, openTarget } from '../support/editor-world.ts'
import { type RunningServer, eventually } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'
import { pushGraph } from '../support/workflows.ts'

// A browser on two cores that others use too.
vi.setConfig({ testTimeout: 60_000 })

async function makeWorkflow(server: RunningServer, graph: unknown, rest: object = {}): Promise<string> {
  return (await server.api('POST', '/api/workflows', { name: 'Push', graph, ...rest })).id
}

const unfinished = (target: string) => {
  const graph = pushGraph(target)
  const hook = { id: 'hook', type: 'webhook', data: { config: { verification: { scheme: 'github' } } } }
  return { ...graph, nodes: [hook, ...graph.nodes.slice(1)] }
}
const withCondition = (graph: ReturnType<typeof pushGraph>, condition: string) => ({
  ...graph,
  nodes: graph.nodes.map((node) =>
    node.id === 'main' ? { ...node, data: { config: { condition } } } : node,
  ),
})
const isRefusalOfAnOldRevision = (complaint: string) => complaint.includes('409')

/** What the keys of the canvas do. */
const askToPublish = (page: Page) => page.evaluate(() => void dispatchEvent(new Event('hookloom:publish')))

test.skipIf(!hasBrowser)(
  'goes from a problem to its node, publishes with a note, and gives the URL',
  async () => {
    const { server, browser } = await editorWorld()
    const id = await makeWorkflow(server, unfinished('https://example.com/'))
    const page = await browser.open(`/workflows/${id}`)
    await page.getByText('Not published yet').waitFor()
    await askToPublish(page)
    const form = page.getByRole('dialog', { name: 'Publish' })
    await form.getByText('GitHub needs a secret').waitFor()
    expect(await form.getByRole('button', { name: 'Publish now' }).isDisabled()).toBe(true)
    expect(await violationsOf(page)).toEqual([])
    await form.getByText('GitHub needs a secret').click()
    await page.waitForURL(/node=hook/)
    await page.getByRole('button', { name: 'Generate one' }).click()
    await page.getByText('and not shown again').waitFor()

    await askToPublish(page)
    await form.getByText('every request to its hook URL').waitFor()
    await page.keyboard.type('The first one')
    await page.keyboard.press('Control+Enter')
    await form.getByText('Version 1 is published').waitFor()
    const { hook, version } = await server.api('GET', `/api/workflows/${id}`)
    expect(version).toBe(1)
    await form.getByText(hook.url).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await form.getByRole('button', { name: 'Done' }).click()
    await page.getByText('Published v1').waitFor()
    expect((await server.api('GET', `/api/workflows/${id}/versions`)).items).toMatchObject([
      { number: 1, note: 'The first one' },
    ])
    expect(page.complaints).toEqual([])
  },
)

test.skipIf(!hasBrowser)('renames in place, pauses, exports, and rotates the URL', async () => {
  const { server, browser } = await editorWorld()
  const id = await makeWorkflow(server, pushGraph('https://example.com/'), { publish: true })
  const page = await browser.open(`/workflows/${id}`)
  const name = page.getByRole('textbox', { name: 'Name of the workflow' })
  await name.fill('Thrown away')
  await name.press('Escape')
  expect(await name.inputValue()).toBe('Push')
  await name.fill('Push to Slack')
  await name.press('Enter')
  const now = () => server.api('GET', `/api/workflows/${id}`)
  await eventually(now, (workflow) => workflow.name === 'Push to Slack')
  await page.getByRole('switch', { name: 'Enabled' }).click()
  await page.getByText('Paused v1').waitFor()
  expect((await now()).enabled).toBe(false)
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('switch', { name: 'Enabled' }).click()
  await page.getByText('Published v1').waitFor()

  await page.getByRole('button', { name: 'More' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Export as a file' }).click()
  expect((await download).suggestedFilename()).toBe('push.json')

  const before = (await now()).hook.url
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Rotate the hook URL…' }).click()
  await page.getByText('stops working at once').waitFor()
  expect(await violationsOf(page)).toEqual([])
  await page.keyboard.press('Escape')
  expect((await now()).hook.url).toBe(before)
  await page.getByRole('button', { name: 'More' }).click()
  await page.getByRole('menuitem', { name: 'Rotate the hook URL…' }).click()
  await page.getByRole('button', { name: 'Rotate it' }).click()
  await page.getByText('This is the new hook URL').waitFor()
  const after = (await now()).hook.url
  expect(after).not.toBe(before)
  await page.getByRole('dialog').getByText(after).waitFor()
  expect(page.complaints).toEqual([])
})

test.skipIf(!hasBrowser)('shows what differs between any two versions, and brings one back', async () => {
  const { server, browser } = await editorWorld()
  const first = pushGraph('https://example.com/')
  const id = await makeWorkflow(server, first, { publish: true })
  await server.api('PATCH', `/api/workflows/${id}`, {
    graph: withCondition(first, "ref = 'refs/heads/next'"),
  })
  await server.api('POST', `/api/workflows/${id}/publish`, { note: 'Next instead of main' })
  const page = await browser.open(`/workflows/${id}`)
  await page.getByText('Published v2').waitFor()
  await page.getByRole('button', { name: 'History' }).click()
  const history = page.getByRole('dialog', { name: 'History' })
  await history.getByText('Nothing differs from version 2').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await history.locator('del', { hasText: 'main' }).waitFor()
  expect(await history.locator('ins').innerText()).toBe('next')
  expect(await violationsOf(page)).toEqual([])
  await history.getByRole('button', { name: /^Version 1/ }).click()
  await history.getByText('This is the first version').waitFor()
  await history.getByRole('button', { name: 'Restore version 1' }).click()
  await page.getByText('· edited').waitFor()
  const conditionNow = async () =>
    (await server.api('GET', `/api/workflows/${id}`)).draft.nodes[1].data.config.condition
  expect(await conditionNow()).toBe("ref = 'refs/heads/main'")
  await page.getByRole('button', { name: 'Undo' }).click()
  await eventually(conditionNow, (condition) => condition === "ref = 'refs/heads/next'")
  expect(page.complaints).toEqual([])
})

test.skipIf(!hasBrowser)('runs the draft on the sample, first with nothing sent, then for real', async () => {
  const { server, browser } = await editorWorld()
  const target = await openTarget()
  const id = await makeWorkflow(server, pushGraph(target.url))
  const page = await browser.open(`/workflows/${id}`)
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByText('Run the draft on GitHub · push').waitFor()
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('menuitem', { name: /^Simulate/ }).click()
  await page.waitForURL(/run=run_/)
  const state = async () => {
    const run = new URL(page.url()).searchParams.get('run') ?? ''
    return (await server.api('GET', `/api/runs/${run}`)).state
  }
  await eventually(state, (found) => found === 'succeeded')
  expect(target.requests).toHaveLength(0)
  const before = page.url()
  await page.getByRole('button', { name: 'Test', exact: true }).focus()
  await page.keyboard.press('Enter')
  await page.locator('[role=menuitem][data-highlighted]', { hasText: 'Simulate' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.locator('[role=menuitem][data-highlighted]', { hasText: 'Run for real' }).waitFor()
  await page.keyboard.press('Enter')
  await target.received(1)
  await page.waitForURL((url) => url.href !== before)
  expect(page.complaints).toEqual([])
})

test.skipIf(!hasBrowser)('asks whose draft to keep when somebody else saved meanwhile', async () => {
  const { server, browser } = await editorWorld()
  const graph = unfinished('https://example.com/')
  const id = await makeWorkflow(server, graph)
  const theirs = async (condition: string) =>
    await server.api('PATCH', `/api/workflows/${id}`, {
      graph: withCondition((await server.api('GET', `/api/workflows/${id}`)).draft, condition),
    })
  const draft = async () => (await server.api('GET', `/api/workflows/${id}`)).draft
  const page = await browser.open(`/workflows/${id}?node=hook`)
  // Nothing tells this page of their change before it saves its own.
  await page.route('**/api/live*', (route) => route.abort())
  await page.reload()
  await page.getByText('Draft saved').waitFor()
  await page.getByRole('button', { name: 'Generate one' }).waitFor()
  await theirs("ref = 'theirs'")
  await page.getByRole('button', { name: 'Generate one' }).click()
  const band = page.getByRole('alert').filter({ hasText: 'Somebody else saved this workflow' })
  await band.waitFor()
  expect(await violationsOf(page)).toEqual([])
  await band.getByRole('button', { name: 'See what differs' }).click()
  const dialog = page.getByRole('dialog', { name: 'What differs' })
  await dialog.getByText('theirs', { exact: true }).waitFor()
  await dialog.getByText('secret GITHUB').waitFor()
  expect(await violationsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Take theirs' }).click()
  await page.getByText('Draft saved').waitFor()
  expect((await draft()).nodes[1].data.config.condition).toBe("ref = 'theirs'")

  // What was mine is one step back.
  await theirs("ref = 'theirs again'")
  await page.getByRole('button', { name: 'Undo' }).click()
  await band.waitFor()
  await band.getByRole('button', { name: 'Keep mine' }).click()
  await page.getByText('Draft saved').waitFor()
  const kept = await draft()
  expect(kept.nodes[1].data.config.condition).toBe("ref = 'refs/heads/main'")
  expect(kept.nodes[0].data.config.verification.secret).toEqual({ $secret: 'GITHUB' })

  // A rename is nothing to choose between.
  await server.api('PATCH', `/api/workflows/${id}`, { name: 'Renamed' })
  await page.getByRole('button', { name: 'Redo' }).click()
  await eventually(draft, ({ nodes }) => nodes[0].data.config.verification.secret === undefined)
  expect(await band.count()).toBe(0)
  expect(
    page.complaints.filter((text) => !isRefusalOfAnOldRevision(text) && !text.includes('ERR_FAILED')),
  ).toEqual([])
})
