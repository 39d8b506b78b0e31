/** What an open workflow keeps in a browser's memory: no more after many edits than after a few. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, journeyMs } from '../support/editor-world.ts'
import { eventually } from '../support/server.ts'
import { pushGraph } from '../support/workflows.ts'

/** A page with a workflow, and its revision as the server has it. */
async function openWorkflow() {
  const { server, browser } = await editorWorld()
  const { id } = await server.api<{ id: string }>('POST', '/api/workflows', {
    name: 'Push to Slack',
    graph: pushGraph('https://example.com/hook'),
  })
  const page = await browser.open(`/workflows/${id}`)
  await page.getByRole('button', { name: 'Publish' }).waitFor()
  const revision = async () =>
    (await server.api<{ revision: number }>('GET', `/api/workflows/${id}`)).revision
  return { page, revision }
}

test.skipIf(!hasBrowser)(
  'a save lets go of what was sent and what came back',
  async () => {
    const { page, revision } = await openWorkflow()
    const save = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        const before = await revision()
        await page.locator('.react-flow').focus()
        await page.keyboard.press('Control+a')
        await page.keyboard.press('ArrowRight')
        await eventually(revision, (now) => now > before)
      }
      await page.getByText('Draft saved').waitFor()
    }
    await save(2)
    const early = await draftsIn(page)
    await save(5)
    expect(early).toBeGreaterThan(0)
    expect(await draftsIn(page)).toBeLessThanOrEqual(early)
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'a form that is left leaves no rules for its looks in the page',
  async () => {
    const { page } = await openWorkflow()
    // Along the edges to the end, and back to the first form that has a field for code.
    const walk = async () => {
      for (const [key, node] of [
        ['ArrowRight', 'text'],
        ['ArrowRight', 'send'],
        ['ArrowLeft', 'text'],
        ['ArrowLeft', 'main'],
      ]) {
        await page.keyboard.press(`Alt+${key}`)
        await page.waitForURL(new RegExp(`node=${node}`))
        await page.locator('#inspector .cm-editor').first().waitFor()
      }
    }
    await page.locator('.react-flow').focus()
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Alt+ArrowRight')
    await page.waitForURL(/node=main/)
    await walk()
    const early = await rulesIn(page)
    await walk()
    await walk()
    expect(early).toBeGreaterThan(0)
    expect(await rulesIn(page)).toBe(early)
  },
  journeyMs,
)

/** How many workflows, as the server tells them, the page holds. What nothing holds is collected before. */
async function draftsIn(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const { result: plain } = await session.send('Runtime.evaluate', { expression: 'Object.prototype' })
  const { objects } = await session.send('Runtime.queryObjects', {
    prototypeObjectId: plain.objectId ?? '',
  })
  const { result } = await session.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: "function () { return this.filter((each) => Object.hasOwn(each, 'draft')).length }",
    returnByValue: true,
  })
  await session.detach()
  return Number(result.value)
}

const rulesIn = (page: Page): Promise<number> =>
  page.evaluate(() =>
    [...document.styleSheets, ...document.adoptedStyleSheets].reduce(
      (sum, { cssRules }) => sum + cssRules.length,
      0,
    ),
  )
