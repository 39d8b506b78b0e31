/** Every page of the editor and its main states, each with the steps that lead there and what is seen when it is there. */
import { sign } from '@octokit/webhooks-methods'
import type { Locator, Page } from 'playwright-core'
import type { Receiver } from './receiver.ts'
import { apiToken, eventually, type RunningServer } from './server.ts'
import { githubSecret, publish } from './workflows.ts'

/** What there is to see: a workflow with traffic, one that fails, one with problems. */
interface Seen {
  readonly push: string
  readonly broken: string
  readonly event: string
  readonly failedRun: string
  readonly run: string
}

interface State {
  readonly name: string
  readonly path: string
  /** From the opened page to the state; resolves when it is there. */
  readonly reach: (page: Page) => Promise<unknown>
}

const button = (at: Page | Locator, name: string | RegExp) => at.getByRole('button', { name })
const heading = (page: Page, name: string) => page.getByRole('heading', { name })
const inspector = (page: Page) => page.getByRole('complementary', { name: 'Inspector' })
const canvas = async (page: Page) => {
  await page.locator('.react-flow__node').first().waitFor()
  await button(page, 'Publish').waitFor()
}
const keys = async (page: Page, ...pressed: readonly string[]) => {
  await canvas(page)
  await page.locator('.react-flow').focus()
  for (const key of pressed) await page.keyboard.press(key)
}
const drawer = async (page: Page, tab: string) => {
  await canvas(page)
  await button(page.getByRole('contentinfo'), tab).or(button(page, tab)).first().click()
}

/** Nobody is signed in. */
export const signedOutStates: readonly State[] = [
  { name: 'sign-in', path: '/', reach: (page) => heading(page, 'Sign in to Hookloom').waitFor() },
  {
    name: 'sign-in refused',
    path: '/sign-in',
    async reach(page) {
      await page.getByLabel('API token').fill('not the token')
      await page.keyboard.press('Enter')
      await page.getByText('This is not the token').waitFor()
    },
  },
]

/** A server that was started just now. */
export const emptyStates: readonly State[] = [
  {
    name: 'no workflow',
    path: '/workflows',
    reach: (page) => page.getByText('Your first workflow').waitFor(),
  },
  { name: 'no event', path: '/events', reach: (page) => page.getByRole('heading', { level: 2 }).waitFor() },
  { name: 'no run', path: '/runs', reach: (page) => page.getByRole('heading', { level: 2 }).waitFor() },
  {
    name: 'no rejection',
    path: '/rejected',
    reach: (page) => heading(page, 'Nothing was refused').waitFor(),
  },
  {
    name: 'empty dashboard',
    path: '/dashboard',
    reach: (page) => page.getByText('No run has failed.').waitFor(),
  },
  { name: 'no secret', path: '/settings', reach: (page) => page.getByText('Nothing here yet.').waitFor() },
]

/** A server that has much to show, see `fill`. */
export const filledStates = ({ push, broken, event, failedRun, run }: Seen): readonly State[] => [
  { name: 'workflows', path: '/workflows', reach: (page) => page.getByText('3 workflows').waitFor() },
  {
    name: 'nothing matches',
    path: '/workflows',
    async reach(page) {
      await page.getByLabel('Search workflows').fill('zebra')
      await heading(page, 'Nothing matches').waitFor()
    },
  },
  {
    name: 'menu of a workflow',
    path: '/workflows',
    async reach(page) {
      await button(page, 'More about Push to Slack').click()
      await page.getByRole('menuitem', { name: 'Duplicate' }).waitFor()
    },
  },
  {
    name: 'delete workflow',
    path: '/workflows',
    async reach(page) {
      await button(page, 'More about Push to Slack').click()
      await page.getByRole('menuitem', { name: 'Delete…' }).click()
      await button(page, 'Delete workflow').waitFor()
    },
  },
  {
    name: 'new workflow',
    path: '/workflows',
    async reach(page) {
      await button(page, 'New workflow').click()
      await button(page, 'Create').waitFor()
    },
  },
  {
    name: 'gallery',
    path: '/workflows',
    async reach(page) {
      await button(page, 'From a template').click()
      await button(page, 'GitHub push to Slack').waitFor()
    },
  },
  {
    name: 'template',
    path: '/workflows',
    async reach(page) {
      await button(page, 'From a template').click()
      await button(page, 'GitHub push to Slack').click()
      await page.getByLabel('GitHub secret').waitFor()
    },
  },
  {
    name: 'import',
    path: '/workflows',
    async reach(page) {
      await page.getByText('3 workflows').waitFor()
      await page.getByLabel('Workflow files').setInputFiles([
        { name: 'orders.json', mimeType: 'application/json', buffer: Buffer.from(workflowFile) },
        { name: 'broken.json', mimeType: 'application/json', buffer: Buffer.from('{ this is no file') },
      ])
      await page.getByRole('dialog').getByText('broken.json').waitFor()
    },
  },
  { name: 'settings', path: '/settings', reach: (page) => button(page, 'Delete SLACK_URL').waitFor() },
  {
    name: 'add a secret',
    path: '/settings',
    async reach(page) {
      await button(page, 'Add a secret').click()
      await page.getByLabel('Name').fill('2nd')
      await page.getByText('A name starts with a letter').waitFor()
    },
  },
  {
    name: 'delete a secret',
    path: '/settings',
    async reach(page) {
      await button(page, 'Delete SLACK_URL').click()
      await button(page, 'Delete secret').waitFor()
    },
  },
  {
    name: 'tooltip',
    path: '/settings',
    async reach(page) {
      await page.getByRole('link', { name: 'Runs', exact: true }).hover()
      await page.getByRole('tooltip').waitFor()
    },
  },
  {
    name: 'dashboard',
    path: '/dashboard',
    reach: (page) => page.getByRole('region', { name: 'Failed lately' }).getByRole('link').first().waitFor(),
  },
  {
    name: 'events',
    path: '/events',
    reach: (page) => page.getByRole('table', { name: 'Events' }).getByText('Failed').first().waitFor(),
  },
  {
    name: 'no event fits',
    path: '/events?type=nobody-sends-this',
    reach: (page) => heading(page, 'No event fits').waitFor(),
  },
  {
    name: 'event',
    path: `/events/${event}`,
    reach: (page) => page.getByRole('tree').getByText('refs/heads/main').waitFor(),
  },
  {
    name: 'event, raw',
    path: `/events/${event}`,
    async reach(page) {
      await button(page, 'Raw').click()
      await page.getByText('{"ref":').waitFor()
    },
  },
  {
    name: 'event, hex and replay',
    path: `/events/${event}`,
    async reach(page) {
      await button(page, 'Hex').click()
      await button(page, 'Replay').click()
      await page.getByRole('menuitem').first().waitFor()
    },
  },
  {
    name: 'no such event',
    path: '/events/evt_00000000000000000000000000',
    reach: (page) => heading(page, 'This event is not here').waitFor(),
  },
  {
    name: 'rejections',
    path: '/rejected',
    async reach(page) {
      await page.getByRole('table').locator('[data-row]').first().click()
      await button(page, 'Accept by hand').first().waitFor()
    },
  },
  {
    name: 'runs',
    path: '/runs',
    reach: (page) => page.getByRole('table', { name: 'Runs' }).locator('[data-row]').nth(3).waitFor(),
  },
  {
    name: 'resume runs',
    path: '/runs?state=failed',
    async reach(page) {
      await button(page, 'Resume failed…').click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Resume \d/ })
        .waitFor()
    },
  },
  {
    name: 'run that failed',
    path: `/runs/${failedRun}`,
    async reach(page) {
      await page.getByRole('group', { name: 'Attempts' }).getByRole('button').first().click()
      await page.getByRole('group', { name: 'Response' }).waitFor()
    },
  },
  { name: 'run', path: `/runs/${run}`, reach: (page) => page.getByText('Succeeded').first().waitFor() },
  {
    name: 'no such run',
    path: '/runs/run_00000000000000000000000000',
    reach: (page) => heading(page, 'This run is not here').waitFor(),
  },
  { name: 'canvas', path: `/workflows/${push}`, reach: canvas },
  ...['hook', 'main', 'text', 'send'].flatMap((node): State[] =>
    ['Settings', 'Data', 'Help'].map((tab) => ({
      name: `inspector of ${node}, ${tab}`,
      path: `/workflows/${push}?node=${node}`,
      async reach(page) {
        await inspector(page).getByRole('tab', { name: tab }).click()
        await inspector(page).getByRole('tabpanel', { name: tab }).waitFor()
        await canvas(page)
      },
    })),
  ),
  {
    name: 'inspector with problems',
    path: `/workflows/${broken}?node=send`,
    reach: (page) => inspector(page).getByText('A URL is missing').first().waitFor(),
  },
  {
    name: 'palette',
    path: `/workflows/${push}`,
    async reach(page) {
      await canvas(page)
      await button(page, 'Palette of nodes').click()
      await page.getByRole('region', { name: 'Palette' }).waitFor()
      // It stays for the next states otherwise.
      await page.evaluate(() => localStorage.removeItem('hookloom.palette'))
    },
  },
  ...(
    [
      ['add list', '/', '[cmdk-input]'],
      ['commands', 'Control+k', '[cmdk-input]'],
      ['keys', '?', '[role=dialog]'],
    ] as const
  ).map(([name, key, seen]): State => ({
    name,
    path: `/workflows/${push}`,
    async reach(page) {
      await keys(page, key)
      await page.locator(seen).waitFor()
    },
  })),
  {
    name: 'find',
    path: `/workflows/${push}`,
    async reach(page) {
      await keys(page, 'Control+f')
      await page.getByRole('combobox', { name: 'Find a node' }).fill('main')
      await page.getByRole('option').first().waitFor()
    },
  },
  {
    name: 'connect to',
    path: `/workflows/${push}?node=send`,
    async reach(page) {
      await keys(page, 'c')
      await page.getByRole('dialog', { name: /^Connect/ }).waitFor()
    },
  },
  {
    name: 'sample',
    path: `/workflows/${push}`,
    async reach(page) {
      await canvas(page)
      await button(page, /^Sample:/)
        .first()
        .click()
      await page.getByRole('dialog', { name: 'Choose a sample' }).getByRole('option').first().waitFor()
    },
  },
  ...['Runs', 'Events', 'Rejected'].map((tab): State => ({
    name: `drawer, ${tab}`,
    path: `/workflows/${push}`,
    async reach(page) {
      await drawer(page, tab)
      await page.locator('footer').getByRole('listitem').first().waitFor()
    },
  })),
  {
    name: 'run on the canvas',
    path: `/workflows/${push}?run=${failedRun}&node=send`,
    reach: (page) => page.getByRole('group', { name: /^HTTP request.*answered/ }).waitFor(),
  },
  {
    name: 'test',
    path: `/workflows/${push}`,
    async reach(page) {
      await button(page, 'Test').click()
      await page.getByRole('menuitem').first().waitFor()
    },
  },
  {
    name: 'publish',
    path: `/workflows/${push}`,
    async reach(page) {
      await button(page, 'Publish').click()
      await page.getByText('Changes since version').waitFor()
    },
  },
  {
    name: 'publish with problems',
    path: `/workflows/${broken}`,
    async reach(page) {
      await button(page, 'Publish').click()
      await page.getByText('Mend these first.').waitFor()
    },
  },
  {
    name: 'history',
    path: `/workflows/${push}`,
    async reach(page) {
      await button(page, 'History').click()
      await page
        .getByRole('dialog', { name: 'History' })
        .getByRole('button', { name: /^Version 1/ })
        .waitFor()
    },
  },
  {
    name: 'production',
    path: `/workflows/${push}?show=production`,
    reach: (page) => page.locator('.canvas-count').first().waitFor(),
  },
  {
    name: 'what crossed a line',
    path: `/workflows/${push}?show=production`,
    async reach(page) {
      await page.locator('.canvas-count').first().click()
      await page.getByRole('complementary').getByRole('link').first().waitFor()
    },
  },
  {
    name: 'no such workflow',
    path: '/workflows/wf_00000000000000000000000000',
    reach: (page) => heading(page, 'There is no such workflow').waitFor(),
  },
  { name: 'not found', path: '/nowhere', reach: (page) => heading(page, 'There is no such page').waitFor() },
  {
    name: 'offline',
    path: `/workflows/${push}`,
    async reach(page) {
      await canvas(page)
      await page.context().setOffline(true)
      await page.getByText('You are offline').waitFor()
    },
  },
  {
    name: 'error',
    path: '/settings',
    async reach(page) {
      await button(page, 'Delete SLACK_URL').waitFor()
      await page.route('**/api/events*', (route) => route.fulfill({ status: 500, body: 'no' }))
      await page.getByRole('link', { name: 'Events', exact: true }).click()
      await button(page, 'Try again').waitFor()
    },
  },
]

const workflowFile = JSON.stringify({
  key: 'orders',
  name: 'Orders',
  graph: { nodes: [{ id: 'hook', type: 'webhook', position: { x: 0, y: 0 } }], edges: [] },
})

/** Leads from an opened page's state to the next: nothing of the last one is left. */
export async function goTo(page: Page, server: RunningServer, { name, path, reach }: State): Promise<void> {
  await page.context().setOffline(false)
  await page.unrouteAll()
  await page.mouse.move(0, 0)
  await page.goto(server.url + path)
  await reach(page).catch((error: unknown) => {
    throw new Error(`the state “${name}” is not reached`, { cause: error })
  })
}

export const signInAgain = async (page: Page, server: RunningServer): Promise<void> => {
  await page.request.post(`${server.url}/api/session`, {
    data: { token: apiToken },
    headers: { origin: server.url },
  })
}

const step = (id: string, type: string, n: number, config: object, label?: string) => ({
  id,
  type,
  position: { x: n * 320, y: 0 },
  data: { config, ...(label !== undefined && { label }) },
})

const graphTo = (url: unknown) => ({
  nodes: [
    step(
      'hook',
      'webhook',
      0,
      { verification: { scheme: 'github', secret: { $secret: 'GITHUB' } } },
      'GitHub',
    ),
    step('main', 'filter', 1, { condition: "ref = 'refs/heads/main'" }, 'Only main'),
    step(
      'text',
      'transform',
      2,
      { expression: "{ 'text': pusher.name & ' pushed ' & $count(commits) & ' commits' }" },
      'Message',
    ),
    step('send', 'http', 3, { method: 'POST', url, retry: { attempts: 2, schedule: [0] } }),
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'main' },
    { id: 'e2', source: 'main', sourceHandle: 'match', target: 'text' },
    { id: 'e3', source: 'text', target: 'send' },
  ],
  notes: [
    { id: 'note', position: { x: 640, y: 176 }, width: 240, height: 96, text: 'The channel is #deploys.' },
  ],
})

/** Makes workflows, sends to them, and waits until all of it has come to its end. */
export async function fill(server: RunningServer, receiver: Receiver): Promise<Seen> {
  await server.api('PUT', '/api/secrets/GITHUB', { value: githubSecret })
  await server.api('PUT', '/api/secrets/SLACK_URL', { value: `${receiver.url}/slack` })
  const { id: push, path } = await publish(server, graphTo({ $secret: 'SLACK_URL' }), 'Push to Slack')
  const send = async (delivery: string, message: object, secret = githubSecret) => {
    const body = JSON.stringify(message)
    await fetch(server.url + path, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-github-delivery': delivery,
        'x-hub-signature-256': await sign(secret, body),
      },
    })
  }
  const settled = () =>
    eventually(
      () => server.api('GET', '/api/balance'),
      ({ pending }) => pending === 0,
    )
  const message = {
    ref: 'refs/heads/main',
    pusher: { name: 'octocat' },
    commits: [{ id: 'a10867b14bb761', message: 'Fix the door' }],
  }
  await send('one', message)
  await send('two', { ...message, ref: 'refs/heads/next' })
  await send('two', { ...message, ref: 'refs/heads/next' })
  await send('wrong', message, 'not the secret')
  await settled()
  receiver.behave({ kind: 'answer', status: 500, body: '{"error":"down for repair"}' })
  await send('three', message)
  await send('four', message)
  await settled()
  receiver.behave({ kind: 'answer', body: 'ok' })

  const draft = graphTo({ $secret: 'SLACK_URL' })
  const nodes = draft.nodes.map((node) =>
    node.id === 'main'
      ? { ...node, data: { ...node.data, config: { condition: "ref = 'refs/heads/next'" } } }
      : node,
  )
  await server.api('PATCH', `/api/workflows/${push}`, { graph: { ...draft, nodes } })
  const { id: broken } = await server.api('POST', '/api/workflows', {
    name: 'Half done',
    graph: graphTo(undefined),
  })
  await server.api('POST', '/api/workflows', {
    name: 'Orders to the CRM',
    enabled: false,
    publish: true,
    graph: graphTo('https://example.com/crm'),
  })
  const runs: readonly { readonly id: string; readonly eventId: string; readonly state: string }[] = (
    await server.api('GET', '/api/runs')
  ).items
  const of = (state: string) => runs.find((run) => run.state === state) ?? { id: '', eventId: '' }
  return { push, broken, event: of('succeeded').eventId, run: of('succeeded').id, failedRun: of('failed').id }
}
