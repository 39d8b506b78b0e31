import { sign } from '@octokit/webhooks-methods'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, hasBrowser, openBrowser } from '../support/browser.ts'
import { type Receiver, openReceiver } from '../support/receiver.ts'
import { type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'
import { githubSecret, publish, pushGraph } from '../support/workflows.ts'

if (!hasBrowser) console.log('skipped: what happened in the editor, because there is no /usr/bin/chromium')

const sixtySeconds = 60_000

/** A server, a receiver for what workflows send, and a browser that is signed in. Each test publishes its own workflow. */
interface World {
  readonly server: RunningServer
  readonly receiver: Receiver
  readonly browser: Browser
}
let world: World

interface Workflow {
  readonly id: string
  readonly path: string
}

beforeAll(async () => {
  if (!hasBrowser) return
  const server = await startServer()
  const receiver = await openReceiver()
  world = { server, receiver, browser: await openBrowser(server) }
}, sixtySeconds)

afterAll(async () => {
  if (!hasBrowser) return
  await world.browser.close()
  await world.receiver.close()
  await world.server.stop()
  await removeDataDir(world.server.dataDir)
}, sixtySeconds)

const newWorkflow = (name: string): Promise<Workflow> =>
  publish(world.server, pushGraph(`${world.receiver.url}/in`, { retry: { attempts: 1 } }), name)

/** A push as GitHub sends it; the answer's status. */
async function push(
  { path }: Workflow,
  delivery: string,
  message: Readonly<Record<string, unknown>> = {},
): Promise<number> {
  const body = JSON.stringify({ ref: 'refs/heads/main', delivery, ...message })
  const response = await fetch(world.server.url + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': delivery,
      'x-hub-signature-256': await sign(githubSecret, body),
    },
    body,
  })
  return response.status
}

const pushUnsigned = ({ path }: Workflow) =>
  fetch(world.server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
    body: '{"ref":"refs/heads/main","delivery":"unsigned"}',
  })

/** Pushes, and waits until every run has come to its end. */
async function pushed(workflow: Workflow, ...deliveries: readonly string[]): Promise<void> {
  for (const delivery of deliveries) expect(await push(workflow, delivery)).toBe(200)
  await eventually(
    () => world.server.api('GET', '/api/balance'),
    ({ pending }) => pending === 0,
  )
}

const rows = (page: Page, name: string) => page.getByRole('table', { name }).locator('tbody tr')

test.skipIf(!hasBrowser)(
  'an event appears by itself, shows what it brought and what became of it, and runs again',
  async () => {
    const workflow = await newWorkflow('Push to Slack')
    const page = await world.browser.open('/events')
    await pushed(workflow, 'first')
    const row = rows(page, 'Events').first()
    await row.getByText('Succeeded').waitFor()
    expect(await row.innerText()).toMatch(/push[^]*Push to Slack[^]*Yes[^]*Succeeded/)
    expect(await violationsOf(page)).toEqual([])

    await row.getByRole('link', { name: 'push' }).click()
    await page.getByRole('heading', { name: 'push', level: 1 }).waitFor()
    await page.getByRole('tree').getByText('refs/heads/main').waitFor()
    expect(await page.getByRole('table', { name: 'Headers' }).innerText()).toContain('x-github-delivery')
    await page.getByRole('button', { name: 'Raw' }).click()
    await page.getByText('{"ref":"refs/heads/main","delivery":"first"}').waitFor()
    await page.getByRole('button', { name: 'Hex' }).click()
    await page.getByText('7b 22 72 65 66').waitFor()
    expect(await violationsOf(page)).toEqual([])

    const before = world.receiver.requests.length
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByRole('menuitem', { name: 'By version 1, published' }).click()
    await page.waitForURL('**/runs/run_*')
    await world.receiver.received(before + 1)
    await page.locator('header').getByText('Succeeded').waitFor()
    expect(page.complaints).toEqual([])
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'what happens between the first reading and the opening of the live stream is shown too',
  async () => {
    const workflow = await newWorkflow('Push in between')
    const page = await world.browser.context.newPage()
    const opening = Promise.withResolvers<void>()
    await page.route('**/api/live', async (route) => {
      await opening.promise
      await route.continue()
    })
    await page.goto(`${world.server.url}/events?workflow=${workflow.id}`)
    await page.getByRole('heading', { name: 'No event fits' }).waitFor()
    await pushed(workflow, 'between')
    opening.resolve()
    await rows(page, 'Events').first().getByText('Succeeded').waitFor()
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'a failed run says where and why, shows what was sent and answered, and goes on when it is resumed',
  async () => {
    const workflow = await newWorkflow('Push to the CRM')
    world.receiver.behave({ kind: 'answer', status: 500, body: '{"error":"down for repair"}' })
    await pushed(workflow, 'fails')
    // A run is told in the words of the version that ran.
    const place = `/api/workflows/${workflow.id}`
    const { draft } = await world.server.api('GET', place)
    draft.nodes[3].data.label = 'Renamed since'
    await world.server.api('PATCH', place, { graph: draft })
    const page = await world.browser.open(`/runs?state=failed&workflow=${workflow.id}`)
    await rows(page, 'Runs').first().getByRole('link', { name: 'Failed' }).click()
    const why = page.getByRole('region', { name: 'Why it failed' })
    await why.waitFor()
    expect(await why.innerText()).toMatch(/HTTP request failed[^]*answered 500/)
    const attempts = page.getByRole('group', { name: 'Attempts' })
    await attempts.getByRole('button').first().click()
    const response = attempts.getByRole('group', { name: 'Response' })
    await response.getByText('down for repair').waitFor()
    expect(await violationsOf(page)).toEqual([])

    world.receiver.behave({ kind: 'answer', body: 'ok' })
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.locator('header').getByText('Succeeded').waitFor()
    await page.getByRole('link', { name: 'Show on canvas' }).click()
    await page.waitForURL(`**/workflows/${workflow.id}?run=run_*`)
    expect(page.complaints).toEqual([])
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'the lists are walked, filtered and opened without a mouse',
  async () => {
    const workflow = await newWorkflow('Pushes')
    await pushed(workflow, 'k1', 'k2', 'k3')
    const page = await world.browser.open(`/events?workflow=${workflow.id}`)
    await rows(page, 'Events').nth(2).waitFor()
    const focused = () => page.evaluate(() => document.activeElement?.closest('tr')?.rowIndex)
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('j')
    expect(await focused()).toBe(3)
    await page.keyboard.press('k')
    expect(await focused()).toBe(2)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/events/evt_*')
    await page.goBack()

    const type = page.getByRole('combobox', { name: 'Type' })
    await type.waitFor()
    await eventually(
      () => type.locator('option').allInnerTexts(),
      (types) => types.includes('push'),
    )
    await type.focus()
    await page.keyboard.type('push')
    await page.waitForURL('**/events?*type=push*')
    await page.keyboard.press('Shift+Tab')
    await page.goto(`${world.server.url}/events?type=nobody-sends-this`)
    await page.getByRole('heading', { name: 'No event fits' }).waitFor()
    expect(page.complaints).toEqual([])
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'older events follow without a gap, and new ones wait until they are asked for',
  async () => {
    const workflow = await newWorkflow('Many pushes')
    for (let n = 0; n < 60; n += 1) expect(await push(workflow, `many${n}`)).toBe(200)
    const page = await world.browser.open('/events')
    await rows(page, 'Events').nth(49).waitFor()
    await page.getByRole('button', { name: 'Show older' }).scrollIntoViewIfNeeded()
    await rows(page, 'Events').nth(60).waitFor()
    const links = await page
      .locator('[data-row]')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')))
    expect(new Set(links).size).toBe(links.length)
    expect(links).toEqual(links.toSorted((a, b) => (String(a) < String(b) ? 1 : -1)))
    expect(links.length).toBeGreaterThanOrEqual(60)

    await push(workflow, 'late')
    await page.getByRole('button', { name: '1 new event' }).click()
    await eventually(
      () => page.locator('[data-row]').first().getAttribute('href'),
      (href) => href !== links[0],
    )
    expect(page.complaints).toEqual([])
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'a refused request tells why and what to change, and is accepted by hand',
  async () => {
    const workflow = await newWorkflow('Signed pushes')
    expect((await pushUnsigned(workflow)).status).toBe(401)
    const page = await world.browser.open(`/rejected?workflow=${workflow.id}`)
    await rows(page, 'Rejected requests').first().waitFor()
    const rail = page.getByRole('navigation', { name: 'Main' })
    expect(await rail.locator('[aria-current]').getAttribute('aria-label')).toBe('Events')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByText('Set the secret at the sender too').first().waitFor()
    await page.getByText('How GitHub is set up').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Accept by hand' }).click()
    await page.getByRole('link', { name: 'Open the event' }).click()
    await page.waitForURL('**/events/evt_*')
    await page.getByText('unsigned').first().waitFor()
    await page.getByRole('definition').filter({ hasText: 'No' }).first().waitFor()
    expect(page.complaints).toEqual([])
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'resuming everything that a filter shows says how many runs that is, and does so',
  async () => {
    const workflow = await newWorkflow('Bulk pushes')
    world.receiver.behave({ kind: 'answer', status: 500 })
    await pushed(workflow, 'bulk1', 'bulk2')
    world.receiver.behave({ kind: 'answer', body: 'ok' })
    const page = await world.browser.open(`/runs?state=failed&workflow=${workflow.id}`)
    await page.getByRole('button', { name: 'Resume failed…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('All failed runs of “Bulk pushes”.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Resume 2 runs' }).click()
    await dialog.getByText('2 runs go on.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('heading', { name: 'No run fits' }).waitFor()
    expect(page.complaints).toEqual([])
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'what an event brings is shown as data: nothing in it runs, colours or turns the page',
  async () => {
    const workflow = await newWorkflow('Hostile pushes')
    const hostile = {
      html: '<img src=x onerror="document.title=1"><script>document.title=2</script>',
      link: 'javascript:alert(1)',
      ansi: '\u001b[31mred\u001b[0m',
      turned: '\u202edlrow',
      long: 'x'.repeat(900_000),
    }
    await push(workflow, 'hostile', hostile)
    const { items } = await world.server.api('GET', '/api/events?limit=1')
    const page = await world.browser.open(`/events/${items[0].id}`)
    await page.getByText('<img src=x').first().waitFor()
    await page.getByText('\\u001b[31mred').first().waitFor()
    await page.getByRole('button', { name: 'Raw' }).click()
    await page.getByRole('button', { name: 'Show more' }).click()
    await page.getByRole('button', { name: 'Hex' }).click()
    await page.getByRole('button', { name: 'Show more' }).click()
    expect(await page.title()).toBe('Hookloom')
    expect(await page.locator('a[href^="javascript:"], img[src="x"]').count()).toBe(0)
    expect(page.complaints).toEqual([])
    await page.close()
  },
  sixtySeconds,
)

test.skipIf(!hasBrowser)(
  'an event and a run that are not there say so, and lead back',
  async () => {
    const page = await world.browser.open('/runs/run_00000000000000000000000000')
    await page.getByRole('heading', { name: 'This run is not here' }).waitFor()
    await page.goto(`${world.server.url}/events/evt_00000000000000000000000000`)
    await page.getByRole('heading', { name: 'This event is not here' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'Show all events' }).click()
    await page.getByRole('heading', { name: 'Events', level: 1 }).waitFor()
    await page.close()
  },
  sixtySeconds,
)
