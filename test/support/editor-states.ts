/** Every page of the editor and its main states, each with the steps that lead there and what is seen when it is there. */
import type { Locator, Page } from 'playwright-core'
import type { Seen } from './editor-fill.ts'
import { apiToken, type RunningServer } from './server.ts'

export interface State extends Sight {
  readonly path: string
  /** What is reached from it, one after another, without loading the page anew. */
  readonly onward?: readonly Sight[]
}

interface Sight {
  readonly name: string
  /** From the opened page, or from the sight before, to this one; resolves when it is there. */
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
const drawer = (tab: string): Sight => ({
  name: `drawer, ${tab}`,
  async reach(page) {
    await canvas(page)
    await button(page.getByRole('contentinfo'), tab).or(button(page, tab)).first().click()
    await page.locator('footer').getByRole('listitem').first().waitFor()
  },
})

/** What stands in a place until the server answers, which it does not. */
const waiting = (
  what: string,
  path: string,
  request: string,
  go: (page: Page) => Promise<unknown>,
): State => ({
  name: `waiting for a ${what}`,
  path,
  async reach(page) {
    await page.route(request, () => {})
    await go(page)
    await page.locator('[role=status][aria-busy=true]').first().waitFor()
  },
})

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
    onward: [
      {
        name: 'event, raw',
        async reach(page) {
          await button(page, 'Raw').click()
          await page.getByText('{"ref":').waitFor()
        },
      },
      {
        name: 'event, hex and replay',
        async reach(page) {
          await button(page, 'Hex').click()
          await button(page, 'Replay').click()
          await page.getByRole('menuitem').first().waitFor()
        },
      },
    ],
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
  ...['hook', 'main', 'text', 'send'].map((node): State => {
    const show = (tab: string) => ({
      name: `inspector of ${node}, ${tab}`,
      async reach(page: Page) {
        await inspector(page).getByRole('tab', { name: tab }).click()
        await inspector(page).getByRole('tabpanel', { name: tab }).waitFor()
        await canvas(page)
      },
    })
    return {
      ...show('Settings'),
      path: `/workflows/${push}?node=${node}`,
      onward: [show('Data'), show('Help')],
    }
  }),
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
  {
    ...drawer('Runs'),
    path: `/workflows/${push}`,
    onward: [drawer('Events'), drawer('Rejected')],
  },
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
  waiting('workflow', '/workflows', '**/api/workflows/*', (page) =>
    page.getByRole('link', { name: 'Push to Slack' }).click(),
  ),
  waiting('list', '/settings', '**/api/events*', (page) =>
    page.getByRole('link', { name: 'Events', exact: true }).click(),
  ),
  waiting('doctor', '/rejected', '**/diagnosis', (page) =>
    page.getByRole('table').locator('[data-row]').first().click(),
  ),
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

/** Leads through a state and what is reached from it; nothing of what the page showed before is left. */
export async function walkThrough(
  page: Page,
  server: RunningServer,
  { path, onward = [], ...first }: State,
  look: (name: string) => Promise<void>,
): Promise<void> {
  await page.context().setOffline(false)
  await page.unrouteAll()
  await page.mouse.move(0, 0)
  await page.goto(server.url + path)
  for (const { name, reach } of [first, ...onward]) {
    await reach(page).catch((error: unknown) => {
      throw new Error(`the state “${name}” is not reached`, { cause: error })
    })
    await look(name)
  }
}

export const signInAgain = async (page: Page, server: RunningServer): Promise<void> => {
  await page.request.post(`${server.url}/api/session`, {
    data: { token: apiToken },
    headers: { origin: server.url },
  })
}
