/** The rest of the house: secrets, appearance, keys, signing out; and the dashboard, whose figures are the books'. */
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, focused, journeyMs, openTarget } from '../support/editor-world.ts'
import { eventually } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'
import { publish } from '../support/workflows.ts'

const forward = (secret: string) => ({
  nodes: [
    { id: 'hook', type: 'webhook' },
    { id: 'some', type: 'filter', data: { config: { condition: 'n > 0' } } },
    { id: 'send', type: 'http', data: { config: { url: { $secret: secret }, retry: { attempts: 1 } } } },
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'some' },
    { id: 'e2', source: 'some', sourceHandle: 'match', target: 'send' },
  ],
})

test.skipIf(!hasBrowser)(
  'keeps secrets: adds, replaces and deletes them, says who uses them, and never shows a value',
  async () => {
    const receiver = await openTarget()
    const { server, browser } = await editorWorld()
    const page = await browser.open('/settings')
    await page.getByText('Nothing here yet.').waitFor()
    expect(await violationsOf(page)).toEqual([])

    await page.getByRole('button', { name: 'Add a secret' }).click()
    await page.keyboard.type('2nd')
    await page.getByText('A name starts with a letter').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByLabel('Name').fill('TARGET_URL')
    await page.getByRole('textbox', { name: 'Value' }).fill('https://first.example/')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('not used').waitFor()
    const { path } = await publish(server, forward('TARGET_URL'), 'Forward')
    await page.getByText('used by').getByRole('link', { name: 'Forward' }).waitFor()

    await page.getByRole('button', { name: 'Replace the value of TARGET_URL' }).click()
    await page.getByRole('textbox', { name: 'Value' }).fill(`${receiver.url}/second\n`)
    await page.getByRole('button', { name: 'Replace', exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await fetch(server.url + path, {
      method: 'POST',
      body: '{"n":1}',
      headers: { 'content-type': 'application/json' },
    })
    expect((await receiver.received(1))[0]?.url).toBe('/second')
    expect(await page.content()).not.toContain(receiver.url)

    await page.getByRole('button', { name: 'Delete TARGET_URL' }).click()
    await page.getByText('A sender that it verifies is refused').waitFor()
    expect(await focused(page)).toBe('Keep it')
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Delete secret' }).click()
    await page.getByText('Nothing here yet.').waitFor()
    expect((await server.api('GET', '/api/secrets')).items).toEqual([])
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'keeps the theme and the keys of this browser, and signs out',
  async () => {
    const { server, browser } = await editorWorld()
    const page = await browser.open('/settings')
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme'])
    await page.getByRole('radio', { name: 'Dark' }).click()
    expect(await theme()).toBe('dark')
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.reload()
    await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor()
    expect(await theme()).toBe('dark')
    await page.getByRole('button', { name: 'Theme: dark' }).click()
    expect(await theme()).toBe('light')

    await page.getByRole('button', { name: 'Copy the command' }).click()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    expect(command).toContain(`${server.url}/api/workflows`)
    expect(command).toContain('Authorization: Bearer $HOOKLOOM_API_TOKEN')

    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.getByRole('switch', { name: 'Single-key shortcuts' }).click()
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()

    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in to Hookloom' }).waitFor()
    await page.goto(`${server.url}/dashboard`)
    await page.getByRole('heading', { name: 'Sign in to Hookloom' }).waitFor()
    expect(page.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'shows where every event is, what failed and what was refused, as it happens',
  async () => {
    const receiver = await openTarget()
    receiver.behave(({ text }) => ({ kind: 'answer', status: text === '{"n":3}' ? 404 : 200 }))
    const { server, browser } = await editorWorld()
    const page = await browser.open('/dashboard')
    await page.getByText('No run has failed.').waitFor()
    expect(await violationsOf(page)).toEqual([])

    await server.api('PUT', '/api/secrets/TARGET_URL', { value: receiver.url })
    const { path } = await publish(server, forward('TARGET_URL'), 'Forward')
    const send = (body: string) =>
      fetch(server.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    for (const n of [0, 1, 2, 3]) await send(`{"n":${n}}`)
    await send('{ this is no JSON')
    await eventually(
      () => server.api('GET', '/api/balance'),
      ({ pending }) => pending === 0,
    )
    for (const figure of ['Succeeded 2', 'Filtered 1', 'Failed 1', 'Held 0']) {
      await page.getByRole('link', { name: figure, exact: true }).waitFor()
    }
    await page.getByText('4 accepted').waitFor()
    const failed = page.getByRole('region', { name: 'Failed lately' })
    await failed.getByText('answered 404, expected 2xx').waitFor()
    await page.getByRole('region', { name: 'Rejected lately' }).getByText('Forward').waitFor()
    await page.getByText('4 runs, 1 failed').waitFor({ timeout: 15_000 })
    expect(await violationsOf(page)).toEqual([])
    await failed.getByRole('link', { name: /^Forward/ }).click()
    await page.waitForURL(/\/runs\/run_\w+/)
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'says what a button does on hover and on focus, with its keys, and goes when it is pressed or by Escape',
  async () => {
    const { browser } = await editorWorld()
    const page = await browser.open('/settings')
    const tip = page.getByRole('tooltip')
    const rail = page.getByRole('navigation', { name: 'Main' })
    await rail.getByRole('link', { name: 'Events' }).hover()
    await tip.getByText('Events').waitFor()
    expect(await tip.innerText()).toMatch(/^Events\s*G\s*E$/)
    const [word, link] = await Promise.all([
      tip.boundingBox(),
      rail.getByRole('link', { name: 'Events' }).boundingBox(),
    ])
    expect(word?.x ?? 0).toBeGreaterThan((link?.x ?? 0) + (link?.width ?? 0))
    expect(await violationsOf(page)).toEqual([])
    // The pointer may come to the word itself.
    await tip.hover()
    await tip.getByText('Events').waitFor()
    await page.keyboard.press('Escape')
    await tip.waitFor({ state: 'detached' })

    await rail.getByRole('link', { name: 'Runs' }).focus()
    await page.keyboard.press('Tab')
    await tip.getByText('Dashboard').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
    await tip.waitFor({ state: 'detached' })
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)
