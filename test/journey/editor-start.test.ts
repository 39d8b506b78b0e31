/** The first minutes of a person: in at the door, and a template that runs, by mouse and by keyboard. */
import { sign } from '@octokit/webhooks-methods'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import {
  choose,
  editorWorld,
  focused,
  journeyMs,
  list,
  openTarget,
  opened,
  row,
  tabTo,
} from '../support/editor-world.ts'
import { apiToken } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'
import { githubSecret } from '../support/workflows.ts'

const push = {
  ref: 'refs/heads/main',
  repository: { full_name: 'octo/door' },
  pusher: { name: 'octocat' },
  compare: 'https://github.com/octo/door/compare/a...b',
  commits: [{ id: 'a10867b14bb761', message: 'Fix the door', url: 'https://github.com/c/a1' }],
}

const pushTo = async (url: string) => {
  const body = JSON.stringify(push)
  return fetch(url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': await sign(githubSecret, body),
    },
  })
}

test.skipIf(!hasBrowser)(
  'asks who is signed out for the token, and brings them back to their page',
  async () => {
    const { server, browser } = await editorWorld()
    await browser.context.clearCookies()
    const page = await browser.open('/settings')
    const field = page.getByLabel('API token')
    await field.fill('not-the-token')
    await page.keyboard.press('Enter')
    await page.getByText('This is not the token of this server.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await field.fill(apiToken)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/settings')
    // The browser itself complains of each 401, and of nothing else.
    expect(page.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([])

    await browser.context.clearCookies()
    await page.goto(`${server.url}/sign-in?from=${encodeURIComponent('//elsewhere.example/')}`)
    await field.fill(apiToken)
    await page.keyboard.press('Enter')
    await page.getByText('Your first workflow').waitFor()
    expect(page.url()).toBe(`${server.url}/workflows`)
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'leads from nothing to a push in the channel: three clicks and two secrets',
  async () => {
    const receiver = await openTarget()
    const { server, browser } = await editorWorld()
    const page = await browser.open('/')
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'From a template' }).click()
    await page.getByRole('button', { name: 'GitHub push to Slack' }).click()
    await page.getByLabel('GitHub secret').fill(githubSecret)
    await page.getByLabel('Slack webhook URL').fill(`${receiver.url}/slack`)
    await page.getByRole('button', { name: 'Use this template' }).click()
    await page.waitForURL(opened)

    await list(page).click()
    await choose(page, 'GitHub push to Slack', 'Copy the hook URL')
    const url = await page.evaluate(() => navigator.clipboard.readText())
    expect((await pushTo(url)).status).toBe(200)
    const [arrived] = await receiver.received(1)
    expect(JSON.parse(arrived?.text ?? '')).toEqual({
      text: '*octo/door*: octocat pushed 1 commit (<https://github.com/octo/door/compare/a...b|compare>)\n• <https://github.com/c/a1|a10867b> Fix the door',
    })
    await row(page, 'GitHub push to Slack').getByRole('img', { name: 'Succeeded', exact: true }).waitFor()
    await page.getByRole('img', { name: 'Last 1 run: 1 succeeded, 0 failed' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(JSON.stringify(await server.api('GET', '/api/secrets'))).not.toContain(receiver.url)
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'does the same by the keyboard alone',
  async () => {
    const receiver = await openTarget()
    const { server, browser } = await editorWorld()
    const page = await browser.open('/workflows')
    await page.getByText('Your first workflow').waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the page')
    await page.keyboard.press('Enter')
    await tabTo(page, 'From a template')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    expect(await focused(page)).toMatch(/^GitHub push to Slack/)
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.getByLabel('GitHub secret').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.type(githubSecret)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Tab')
    await page.keyboard.type(`${receiver.url}/slack`)
    await page.keyboard.press('Enter')
    await page.waitForURL(opened)
    const [made] = (await server.api('GET', '/api/workflows')).items
    expect(made).toMatchObject({ name: 'GitHub push to Slack', version: 1, enabled: true })
    expect((await pushTo(made.hook.url)).status).toBe(200)
    await receiver.received(1)
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)
