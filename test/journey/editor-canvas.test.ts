/** The canvas in a real browser: by mouse and by keyboard, online and offline, alone and with somebody else. */
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Browser, hasBrowser, openBrowser } from '../support/browser.ts'
import { violationsOf } from '../support/violations.ts'
import { type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'

if (!hasBrowser) console.log('There is no Chromium here: the canvas is not tried in a browser.')
const inBrowser = test.skipIf(!hasBrowser)
// A browser on two cores that others use too.
vi.setConfig({ testTimeout: 60_000 })

let server: RunningServer
let browser: Browser
beforeAll(async () => {
  if (!hasBrowser) return
  server = await startServer()
  browser = await openBrowser(server)
})
afterAll(async () => {
  if (!hasBrowser) return
  await browser.close()
  await server.stop()
  await removeDataDir(server.dataDir)
})

const node = (id: string, type: string, x: number, y: number, label?: string) => ({
  id,
  type,
  position: { x, y },
  data: { ...(label !== undefined && { label }), config: {} },
})

const small = {
  nodes: [
    node('hook', 'webhook', 0, 0),
    node('main', 'filter', 320, 0, 'Only main'),
    node('send', 'http', 640, 0, 'Slack'),
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'main' },
    { id: 'e2', source: 'main', sourceHandle: 'match', target: 'send' },
  ],
}

type OpenPage = Awaited<ReturnType<Browser['open']>>

async function open(graph: unknown): Promise<{ readonly id: string; readonly page: OpenPage }> {
  const { id } = await server.api<{ id: string }>('POST', '/api/workflows', { name: 'Canvas', graph })
  const page = await browser.open(`/workflows/${id}`)
  page.setDefaultTimeout(15_000)
  await page.locator('.react-flow').waitFor()
  return { id, page }
}

interface Draft {
  readonly nodes: readonly {
    readonly id: string
    readonly type: string
    readonly position: { x: number; y: number }
  }[]
  readonly edges: readonly {
    readonly source: string
    readonly target: string
    readonly sourceHandle?: string
  }[]
}

const draft = async (id: string): Promise<Draft> =>
  (await server.api<{ draft: Draft }>('GET', `/api/workflows/${id}`)).draft

/** Waits until the server has a draft like this. */
const saved = (id: string, accepts: (draft: Draft) => boolean): Promise<Draft> =>
  eventually(() => draft(id), accepts)

const lines = ({ edges }: Draft): string[] =>
  edges
    .map(
      ({ source, sourceHandle, target }) =>
        `${source}${sourceHandle && sourceHandle !== 'out' ? ` ${sourceHandle}` : ''} → ${target}`,
    )
    .toSorted()

const card = (page: Page, name: string): Locator => page.getByRole('group', { name: new RegExp(`^${name}`) })
const port = (page: Page, node: string, id: string): Locator =>
  page.locator(`.react-flow__handle[data-nodeid="${node}"][data-handleid="${id}"]`)
/** Opens the list to add from. */
async function slash(page: Page): Promise<void> {
  await page.keyboard.press('/')
  await page.locator('[cmdk-input]').waitFor()
}

const pane = (page: Page): Locator => page.locator('.react-flow')

async function middle(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox()
  if (box === null) throw new Error('it is not on the screen')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

async function draw(page: Page, from: Locator, to: { x: number; y: number }): Promise<void> {
  const { x, y } = await middle(from)
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move((x + to.x) / 2, (y + to.y) / 2, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
}

inBrowser(
  'from an empty canvas by keyboard alone: a webhook, a node after it, another in between, all undone',
  async () => {
    const { id, page } = await open({ nodes: [], edges: [] })
    await page.getByText('Start with a webhook').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Add the webhook' }).focus()
    await page.keyboard.press('Enter')
    await card(page, 'Webhook').waitFor()
    expect(new URL(page.url()).searchParams.get('node')).toBe('webhook')

    await slash(page)
    await page.keyboard.type('http')
    await page.keyboard.press('Enter')
    await saved(id, (draft) => lines(draft).join() === 'webhook → http')
    await card(page, 'HTTP request').waitFor()

    await page.keyboard.press('Alt+ArrowLeft')
    await expect.poll(() => new URL(page.url()).searchParams.get('node')).toBe('webhook')
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const moved = await saved(id, ({ nodes }) =>
      nodes.some(({ id, position }) => id === 'http' && position.y === 16),
    )
    expect(moved.nodes.length).toBe(2)

    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.getByText('Start with a webhook').waitFor()
    await saved(id, ({ nodes }) => nodes.length === 0)
    await page.keyboard.press('Control+Shift+z')
    await page.keyboard.press('Control+Shift+z')
    await page.keyboard.press('Control+y')
    await saved(id, ({ nodes }) => nodes.some(({ position }) => position.y === 16))
    expect(page.complaints).toEqual([])
    await page.close()
  },
)

inBrowser(
  'by keyboard two nodes that are there are connected, and the reason is read when they cannot be',
  async () => {
    const { id, page } = await open(small)
    await card(page, 'Only main').click()
    await page.keyboard.press('c')
    const dialog = page.getByRole('dialog', { name: 'Connect Only main' })
    await dialog.getByLabel('To node').selectOption('hook')
    await dialog.getByText('Nothing leads into the webhook').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await dialog.getByLabel('To node').selectOption('send')
    await dialog.getByLabel('From port').selectOption('otherwise')
    await dialog.getByRole('button', { name: 'Connect', exact: true }).press('Enter')
    await saved(id, (draft) => lines(draft).includes('main otherwise → send'))
    expect(page.complaints).toEqual([])
    await page.close()
  },
)

inBrowser(
  'by mouse: a line is drawn, a circle is refused with its reason, a line into nothing asks for a node',
  async () => {
    const { id, page } = await open(small)
    expect(await violationsOf(page)).toEqual([])
    await draw(page, port(page, 'send', 'success'), await middle(card(page, 'Only main')))
    await page.getByText('That would make a circle').waitFor()
    await page.mouse.up()
    await draw(page, port(page, 'main', 'otherwise'), await middle(card(page, 'Slack')))
    await page.mouse.up()
    await saved(id, (draft) => lines(draft).includes('main otherwise → send'))

    const { x, y } = await middle(card(page, 'Slack'))
    await draw(page, port(page, 'send', 'failure'), { x, y: y + 200 })
    await page.mouse.up()
    await page.getByPlaceholder('Connect to a new node…').waitFor()
    expect(await page.getByRole('option', { name: /^Webhook/ }).count()).toBe(0)
    await page.getByRole('option', { name: /^Delay/ }).click()
    const after = await saved(id, ({ nodes }) => nodes.length === 4)
    expect(lines(after)).toEqual([
      'hook → main',
      'main match → send',
      'main otherwise → send',
      'send failure → delay',
    ])
    expect(page.complaints).toEqual([])
    await page.close()
  },
)

inBrowser('a node is put into an edge by its plus, and by dropping it there', async () => {
  const { id, page } = await open({ ...small, nodes: [...small.nodes, node('wait', 'delay', 120, 240)] })
  const from = await middle(port(page, 'hook', 'out'))
  const to = await middle(port(page, 'main', 'in'))
  const on = { x: (from.x + to.x) / 2, y: from.y }
  await page.mouse.move(on.x - 12, on.y)
  await page.getByTestId('insert-e1').click()
  await page.getByRole('option', { name: /^Transform/ }).click()
  await saved(id, (draft) => lines(draft).join().includes('hook → transform'))
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Escape')
  await saved(id, (draft) => draft.nodes.length === 4 && lines(draft).includes('hook → main'))

  const held = await middle(card(page, 'Delay'))
  await page.mouse.move(held.x, held.y)
  await page.mouse.down()
  await page.mouse.move(on.x, on.y + 40, { steps: 6 })
  await page.mouse.move(on.x, on.y, { steps: 4 })
  await page.mouse.up()
  const dropped = await saved(id, ({ edges }) => edges.length === 3)
  expect(lines(dropped)).toEqual(['hook → wait', 'main match → send', 'wait → main'])
  await page.keyboard.press('Control+z')
  const back = await saved(id, ({ edges }) => edges.length === 2)
  expect(back.nodes.find(({ id }) => id === 'wait')?.position).toEqual({ x: 120, y: 240 })
  expect(page.complaints).toEqual([])
  await page.close()
})

inBrowser('a node is dragged from the palette to its place, into an edge, and back again', async () => {
  const { id, page } = await open(small)
  await page.getByRole('button', { name: 'Palette of nodes' }).click()
  const palette = page.getByRole('region', { name: 'Palette' })
  await palette.getByText('Drag, or click to add').waitFor()
  expect(await violationsOf(page)).toEqual([])
  const take = async (name: string) => {
    const { x, y } = await middle(palette.getByRole('button', { name }))
    await page.mouse.move(x, y)
    await page.mouse.down()
  }
  const under = await middle(card(page, 'Slack'))
  await take('Delay')
  await page.mouse.move(under.x + 3, under.y + 200, { steps: 6 })
  await page.mouse.up()
  const placed = await saved(id, ({ nodes }) => nodes.length === 4)
  const slack = placed.nodes.find(({ id }) => id === 'send')?.position ?? { x: 0, y: 0 }
  const delay = placed.nodes.find(({ type }) => type === 'delay')?.position ?? { x: 0, y: 0 }
  // In line with the card above it, on the grid below it.
  expect([delay.x, delay.y % 8, delay.y > slack.y + 96]).toEqual([slack.x, 0, true])
  expect(new URL(page.url()).searchParams.get('node')).toBe('delay')

  const from = await middle(port(page, 'hook', 'out'))
  const to = await middle(port(page, 'main', 'in'))
  await take('Transform')
  await page.mouse.move((from.x + to.x) / 2, from.y + 60, { steps: 6 })
  await page.mouse.move((from.x + to.x) / 2, from.y, { steps: 4 })
  await page.locator('.canvas-line[data-look="below"]').waitFor({ state: 'attached' })
  await page.mouse.up()
  const inserted = await saved(id, ({ nodes }) => nodes.length === 5)
  expect(lines(inserted)).toEqual(['hook → transform', 'main match → send', 'transform → main'])

  // Dropped on the palette, or left by Escape, it stays there.
  await take('Script')
  const { x, y } = await middle(palette)
  await page.mouse.move(x + 300, y, { steps: 4 })
  await page.mouse.move(x, y, { steps: 4 })
  await page.mouse.up()
  await take('Script')
  await page.mouse.move(x + 400, y, { steps: 4 })
  await page.keyboard.press('Escape')
  await page.mouse.up()
  expect(await card(page, 'Script').count()).toBe(0)

  // By finger or by key it is pressed: it goes where the slash would put it.
  await pane(page).press('f')
  await card(page, 'Slack').click()
  await palette.getByRole('button', { name: 'Respond' }).focus()
  await page.keyboard.press('Enter')
  expect(lines(await saved(id, ({ nodes }) => nodes.length === 6))).toContain('send success → respond')
  await page.reload()
  await palette.waitFor()
  await palette.getByRole('button', { name: 'Close the palette' }).click()
  await palette.waitFor({ state: 'detached' })
  expect(page.complaints).toEqual([])
  await page.close()
})

inBrowser('a node is dragged out of the list that a slash opens', async () => {
  const { id, page } = await open(small)
  const { x, y } = await middle(card(page, 'Slack'))
  await slash(page)
  const option = await middle(page.getByRole('option', { name: /^Delay/ }))
  await page.mouse.move(option.x, option.y)
  await page.mouse.down()
  await page.mouse.move(x, y + 160, { steps: 6 })
  await page.locator('[cmdk-input]').waitFor({ state: 'detached' })
  await page.mouse.move(x, y + 200, { steps: 4 })
  await page.mouse.up()
  const placed = await saved(id, ({ nodes }) => nodes.length === 4)
  expect(placed.nodes.find(({ type }) => type === 'delay')?.position.x).toBe(640)
  expect(page.complaints).toEqual([])
  await page.close()
})

inBrowser(
  'several cards are dragged as one step, on the grid; delete heals; copy and paste bring them back',
  async () => {
    const { id, page } = await open(small)
    await pane(page).focus()
    await page.keyboard.press('Control+a')
    const { x, y } = await middle(card(page, 'Only main'))
    await page.mouse.move(x, y - 20)
    await page.mouse.down()
    await page.mouse.move(x + 51, y + 43, { steps: 8 })
    await page.mouse.up()
    const moved = await saved(id, ({ nodes }) => nodes[0]?.position.x !== 0)
    expect(moved.nodes.map(({ position }) => [position.x % 8, position.y % 8])).toEqual(
      [0, 0, 0].map(() => [0, 0]),
    )
    expect((moved.nodes[2]?.position.x ?? 0) - (moved.nodes[0]?.position.x ?? 0)).toBe(640)
    await page.keyboard.press('Control+z')
    await saved(id, ({ nodes }) => nodes.every(({ position }, index) => position.x === index * 320))

    await card(page, 'Only main').click()
    await page.keyboard.press('Control+c')
    await page.keyboard.press('Backspace')
    expect(lines(await saved(id, ({ nodes }) => nodes.length === 2))).toEqual(['hook → send'])
    await page.keyboard.press('Control+v')
    await saved(id, ({ nodes }) => nodes.length === 3)
    await page.keyboard.press('Control+d')
    await saved(id, ({ nodes }) => nodes.length === 4)
    expect(page.complaints).toEqual([])
    await page.close()
  },
)

inBrowser('a link to a node opens it; Escape leaves it; a note is written; ? shows the keys', async () => {
  const { id, page } = await open(small)
  await page.goto(`${server.url}/workflows/${id}?node=send`)
  await page.locator('#inspector').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('#inspector').waitFor({ state: 'detached' })
  expect(new URL(page.url()).searchParams.get('node')).toBeNull()
  await page.keyboard.press('n')
  await page.getByLabel('Text of the note').fill('Ask Ada first.')
  await page.keyboard.press('Escape')
  await eventually(
    () => server.api<{ draft: { notes?: { text: string }[] } }>('GET', `/api/workflows/${id}`),
    ({ draft }) => draft.notes?.[0]?.text === 'Ask Ada first.',
  )
  const grip = await middle(page.locator('.cursor-nwse-resize'))
  await page.mouse.move(grip.x, grip.y)
  await page.mouse.down()
  await page.mouse.move(grip.x + 64, grip.y + 32, { steps: 4 })
  await page.mouse.up()
  await pane(page).focus()
  await page.keyboard.press('Shift+ArrowRight')
  await eventually(
    () =>
      server.api<{ draft: { notes?: { width: number; height: number }[] } }>('GET', `/api/workflows/${id}`),
    ({ draft }) => (draft.notes?.[0]?.width ?? 0) > 220 + 64 && (draft.notes?.[0]?.height ?? 0) > 120,
  )
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Commands' }).waitFor()
  expect(page.complaints).toEqual([])
  await page.close()
})

inBrowser('edits stay offline, in a page that is lost and in one that is left, and are saved', async () => {
  const { id, page } = await open(small)
  await card(page, 'Slack').waitFor()
  // What may be asked for next is loaded once the graph is there, each part with the parts that it needs.
  await page.waitForFunction(() => {
    const asked = [...document.querySelectorAll<HTMLLinkElement>('link[rel=modulepreload]')]
    return (
      asked.some(({ href }) => href.includes('/add-list-')) &&
      asked.every(({ href }) => performance.getEntriesByName(href).length > 0)
    )
  })
  await browser.context.setOffline(true)
  await pane(page).focus()
  await slash(page)
  await page.keyboard.type('script')
  await page.keyboard.press('Enter')
  await card(page, 'Script').waitFor()
  expect((await draft(id)).nodes.length).toBe(3)
  await browser.context.setOffline(false)
  await saved(id, ({ nodes }) => nodes.length === 4)

  // A page that is lost before it could save: what it kept comes back. (By a crash: of a page that is left, the last
  // save may still arrive, past any route.)
  await page.route('**/api/workflows/*', (route) =>
    route.request().method() === 'PATCH' ? route.abort() : route.continue(),
  )
  await page.keyboard.press('Control+z')
  await card(page, 'Script').waitFor({ state: 'detached' })
  const crashed = page.waitForEvent('crash')
  const devTools = await page.context().newCDPSession(page)
  void devTools.send('Page.crash').catch(() => {})
  await crashed
  await page.close()
  expect((await draft(id)).nodes.length).toBe(4)
  const next = await browser.open(`/workflows/${id}`)
  await next.getByText('Your edits from the last time are back.').waitFor()
  expect(await card(next, 'Script').count()).toBe(0)
  await saved(id, ({ nodes }) => nodes.length === 3)

  // A page that is left with an edit that it did not save yet.
  await card(next, 'Slack').click()
  await next.keyboard.press('Backspace')
  await card(next, 'Slack').waitFor({ state: 'detached' })
  await next.reload()
  await card(next, 'Only main').waitFor()
  expect(await card(next, 'Slack').count()).toBe(0)
  await saved(id, ({ nodes }) => nodes.length === 2)
  await next.close()
})

inBrowser(
  'two pages: what one saves is seen on the other; edits of both are a conflict that the person settles',
  async () => {
    const { id, page } = await open(small)
    const other = await browser.open(`/workflows/${id}`)
    other.setDefaultTimeout(15_000)
    await card(other, 'Slack').waitFor()
    await pane(page).focus()
    await page.keyboard.press('Escape')
    await slash(page)
    await page.keyboard.type('delay')
    await page.keyboard.press('Enter')
    await card(other, 'Delay').waitFor()
    const yOfDelay = (nodes: Draft['nodes']) => nodes.find(({ type }) => type === 'delay')?.position.y
    const before = yOfDelay((await draft(id)).nodes) ?? 0

    // Both edit before either hears of the other.
    await other.route('**/api/workflows/*', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    await card(other, 'Slack').click()
    await other.keyboard.press('Backspace')
    await page.keyboard.press('ArrowDown')
    await saved(id, ({ nodes }) => yOfDelay(nodes) === before + 8)
    await other.unrouteAll()
    await other.getByRole('button', { name: 'Keep mine' }).click()
    await saved(id, ({ nodes }) => !nodes.some(({ id }) => id === 'send'))
    await card(page, 'Slack').waitFor({ state: 'detached' })
    expect(page.complaints).toEqual([])
    await page.close()
    await other.close()
  },
)
