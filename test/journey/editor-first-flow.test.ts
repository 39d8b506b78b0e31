/**
 * From the empty page to a push of GitHub that arrives at a receiver: signed in, drawn, filled in, published, sent and seen.
 * Once with nothing but a mouse (and letters where something is written), once without any mouse.
 */
import { sign } from '@octokit/webhooks-methods'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, journeyMs, openTarget, opened } from '../support/editor-world.ts'
import type { Receiver } from '../support/receiver.ts'
import { apiToken } from '../support/server.ts'
import { githubSecret } from '../support/workflows.ts'

const condition = "ref = 'refs/heads/main'"
const expression = "{ 'text': pusher.name & ' pushed' }"

async function pushTo(url: string, ref: string): Promise<number> {
  const body = JSON.stringify({ ref, pusher: { name: 'octocat' } })
  const { status } = await fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': `72d3162e-cc78-11e3-81ab-4c9367dc0958-${ref}`,
      'x-hub-signature-256': await sign(githubSecret, body),
    },
  })
  return status
}

/** What a person sees of it: the target has the message, another branch was not sent. */
async function pushArrives(url: string, receiver: Receiver): Promise<void> {
  expect(await pushTo(url, 'refs/heads/next')).toBe(200)
  expect(await pushTo(url, 'refs/heads/main')).toBe(200)
  const [arrived] = await receiver.received(1)
  expect([arrived?.url, JSON.parse(arrived?.text ?? '')]).toEqual(['/channel', { text: 'octocat pushed' }])
}

async function signedOutPage() {
  const receiver = await openTarget()
  const { browser } = await editorWorld()
  await browser.context.clearCookies()
  const page = await browser.open('/')
  page.setDefaultTimeout(15_000)
  await page.getByRole('heading', { name: 'Sign in to Hookloom' }).waitFor()
  return { receiver, page }
}

const clipboard = (page: Page) => page.evaluate(() => navigator.clipboard.readText())
const card = (page: Page, name: string) => page.getByRole('group', { name: new RegExp(`^${name}`) })
const field = (page: Page, name: string) =>
  page.getByRole('group', { name, exact: true }).getByRole('textbox').first()
/** Which problems the browser told, but the one of being signed out at first. */
const complaintsOf = (page: { readonly complaints: readonly string[] }) =>
  page.complaints.filter((complaint) => !complaint.includes('401'))

test.skipIf(!hasBrowser)(
  'by mouse: from the empty page to a signed push that arrives',
  async () => {
    const { receiver, page } = await signedOutPage()
    const write = async (where: Locator, text: string) => {
      await where.click()
      await page.keyboard.type(text)
    }
    const port = (node: string, id: string) =>
      page.locator(`.react-flow__handle[data-nodeid="${node}"][data-handleid="${id}"]`)
    /** Presses on one thing and lets go so far from the middle of another: each is waited for until it is at rest. */
    const drag = async (from: Locator, to: Locator, { x, y } = { x: 0, y: 0 }) => {
      await from.hover()
      await page.mouse.down()
      await to.hover()
      const box = (await to.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
      await page.mouse.move(box.x + box.width / 2 + x, box.y + box.height / 2 + y, { steps: 4 })
      await page.mouse.up()
    }

    await write(page.getByLabel('API token'), apiToken)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('button', { name: 'New workflow' }).first().click()
    await write(page.getByLabel('Name'), 'Push to the channel')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.waitForURL(opened)

    await page.getByRole('button', { name: /^Sender:/ }).click()
    await page.getByRole('option', { name: 'GitHub', exact: true }).click()
    await write(page.getByLabel('The secret of GitHub'), githubSecret)
    await page.getByRole('button', { name: 'Store' }).click()
    await page.getByText('It is never shown again.').waitFor()

    // Beside the webhook from the palette, and the rest at the ends of lines that are drawn into nothing.
    await page.getByRole('button', { name: 'Palette of nodes' }).click()
    const palette = page.getByRole('region', { name: 'Palette' })
    await drag(palette.getByRole('button', { name: 'Filter' }), card(page, 'Webhook'), { x: 40, y: 160 })
    await drag(port('hook', 'out'), card(page, 'Filter'))
    await write(field(page, 'Condition'), condition)
    await palette.getByRole('button', { name: 'Close the palette' }).click()
    await page.getByRole('button', { name: 'Show the whole graph' }).click()

    await drag(port('filter', 'match'), port('filter', 'match'), { x: 80, y: 40 })
    await page.getByRole('option', { name: /^Transform/ }).click()
    await write(field(page, 'Expression'), expression)
    await page.getByRole('button', { name: 'Tidy up' }).click()
    await page.getByRole('button', { name: 'Show the whole graph' }).click()

    await drag(port('transform', 'out'), port('transform', 'out'), { x: 0, y: 120 })
    await page.getByRole('option', { name: /^HTTP request/ }).click()
    await write(field(page, 'URL'), `${receiver.url}/channel`)

    await page.getByText('Draft saved').waitFor()
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('button', { name: 'Publish now' }).click()
    await page.getByText('Version 1 is published').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Copy the hook URL' }).click()
    await page.getByRole('button', { name: 'Done' }).click()
    await pushArrives(await clipboard(page), receiver)

    await page.getByRole('button', { name: 'Runs' }).click()
    await page
      .getByRole('listitem')
      .filter({ hasText: 'Succeeded' })
      .getByRole('link', { name: 'push' })
      .click()
    await page.waitForURL(/run=run_/)
    await card(page, 'HTTP request.*Succeeded').waitFor()
    expect(complaintsOf(page)).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'by keyboard: the same, and no mouse anywhere',
  async () => {
    const { receiver, page } = await signedOutPage()
    const { keyboard } = page
    /** Goes on by Tab until this has the focus. */
    const reach = async (target: Locator, by: 'Tab' | 'Shift+Tab' = 'Tab') => {
      await target.waitFor()
      for (let n = 0; n < 60; n += 1) {
        if (await target.evaluate((element) => element === document.activeElement)) return
        await keyboard.press(by)
      }
      throw new Error(`${by} does not reach ${String(target)}`)
    }
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    const node = (id: string) => expect.poll(() => new URL(page.url()).searchParams.get('node')).toBe(id)
    const focusIsOnCanvas = () =>
      page.waitForFunction(() => document.activeElement?.classList.contains('react-flow'))
    /** What a slash finds by this word, after the selected node. */
    const add = async (word: string, id: string) => {
      await keyboard.press('/')
      await page.locator('[cmdk-input]').waitFor()
      await keyboard.type(word)
      await keyboard.press('Enter')
      await node(id)
      await focusIsOnCanvas()
    }
    /** Enter leads into the inspector, Escape back to the canvas. */
    const fillIn = async (name: string, text: string) => {
      await inspector.getByRole('group', { name, exact: true }).waitFor()
      await keyboard.press('Enter')
      await reach(field(page, name))
      await keyboard.type(text)
      await keyboard.press('Escape')
      await keyboard.press('Escape')
      await focusIsOnCanvas()
    }

    await keyboard.type(apiToken)
    await keyboard.press('Enter')
    await reach(page.getByRole('button', { name: 'New workflow' }).first())
    await keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'New workflow' }).waitFor()
    await keyboard.type('Push to the channel')
    await keyboard.press('Enter')
    await page.waitForURL(opened)

    await focusIsOnCanvas()
    await inspector.getByRole('tab', { name: 'Settings' }).waitFor()
    await keyboard.press('Enter')
    await reach(inspector.getByRole('button', { name: /^Sender:/ }))
    await keyboard.press('Enter')
    await page.getByPlaceholder('Find a sender').waitFor()
    await keyboard.type('github')
    await keyboard.press('Enter')
    await reach(inspector.getByLabel('The secret of GitHub'), 'Shift+Tab')
    await keyboard.type(githubSecret)
    await keyboard.press('Enter')
    await page.getByText('It is never shown again.').waitFor()
    await keyboard.press('Escape')
    await focusIsOnCanvas()

    await add('filter', 'filter')
    await fillIn('Condition', condition)
    await add('transform', 'transform')
    await fillIn('Expression', expression)
    await add('http', 'http')
    await fillIn('URL', `${receiver.url}/channel`)
    // A line of one's own choice: what did not match is sent as well, until that is taken back.
    await keyboard.press('Alt+ArrowLeft')
    await node('transform')
    await keyboard.press('Alt+ArrowLeft')
    await node('filter')
    await keyboard.press('c')
    const connect = page.getByRole('dialog', { name: 'Connect Filter' })
    await reach(connect.getByLabel('To node'))
    await keyboard.type('HTTP')
    await reach(connect.getByRole('button', { name: 'Connect', exact: true }))
    await keyboard.press('Enter')
    await page.getByRole('img', { name: 'Filter (Otherwise) to HTTP request' }).waitFor({ state: 'attached' })
    await focusIsOnCanvas()
    await keyboard.press('Control+z')

    await page.getByText('Draft saved').waitFor()
    await keyboard.press('Control+Enter')
    await page.getByLabel('Note', { exact: true }).waitFor()
    await keyboard.type('The first one')
    await keyboard.press('Control+Enter')
    await page.getByText('Version 1 is published').waitFor()
    await reach(page.getByRole('dialog').getByRole('button', { name: 'Copy the hook URL' }))
    await keyboard.press('Enter')
    await keyboard.press('Escape')
    await pushArrives(await clipboard(page), receiver)

    await reach(page.getByRole('button', { name: 'Runs' }))
    await keyboard.press('Enter')
    const run = page.getByRole('listitem').filter({ hasText: 'Succeeded' })
    await reach(run.getByRole('link', { name: 'push' }))
    await keyboard.press('Enter')
    await page.waitForURL(/run=run_/)
    await card(page, 'HTTP request.*Succeeded').waitFor()
    expect(complaintsOf(page)).toEqual([])
  },
  journeyMs,
)
