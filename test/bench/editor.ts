/**
 * `node test/bench/editor.ts`: how a graph of 500 nodes and 600 edges opens, pans and drags in Chromium with software
 * rendering, on this machine, and what the edits of half an hour leave in memory: scripted as fast as it goes, with
 * `half-hour` at the pace of a person. Prints a table; a bar that is not reached is marked, and the exit code says so.
 * Needs a built editor (`npm start` builds it).
 */
import { readFileSync } from 'node:fs'
import type { CDPSession, Page } from 'playwright-core'
import { hasBrowser, openBrowser } from '../support/browser.ts'
import { descendants } from '../support/processes.ts'
import { removeDataDir, startServer } from '../support/server.ts'

const columns = 25
const rows = 20
const types = ['filter', 'transform', 'http', 'delay', 'switch'] as const
const configs = {
  filter: { condition: "ref = 'refs/heads/main'" },
  transform: { expression: "{ 'text': pusher.name & ' pushed' }" },
  http: { method: 'POST', url: 'https://example.com/hook' },
  delay: { for: 60 },
  switch: {
    cases: [
      { port: 'paid', condition: 'paid' },
      { port: 'open', condition: 'open' },
    ],
  },
} as const

/** Rows from left to right, and a hundred edges from a row to the next. */
function largeGraph() {
  const nodes = Array.from({ length: columns * rows }, (_, index) => {
    const type = types[index % types.length] ?? 'filter'
    const position = { x: (index % columns) * 320, y: Math.floor(index / columns) * 200 }
    return index === 0
      ? { id: 'n0', type: 'webhook', position, data: { config: {} } }
      : { id: `n${index}`, type, position, data: { label: `Step ${index}`, config: configs[type] } }
  })
  const ends = [
    ...nodes.flatMap((_, index) => (index % columns === columns - 1 ? [] : [[index, index + 1] as const])),
    ...nodes.flatMap((_, index) => {
      const below = index + columns + 1
      return index % 4 === 0 && below < nodes.length && index % columns < columns - 1
        ? [[index, below] as const]
        : []
    }),
  ]
  const filled = [...ends, ...nodes.slice(0, 200).map((_, index) => [index, index + 2 * columns] as const)]
  const edges = filled.slice(0, 600).map(([from, to], index) => ({
    id: `e${index}`,
    source: `n${from}`,
    target: `n${to}`,
  }))
  return { nodes, edges }
}

interface Frames {
  readonly perSecond: number
  /** Of the page's main thread, per frame: other programs on the machine do not count. */
  readonly workMs: number
}

/** Processor time of the main thread so far, in ms. */
async function workOf(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000
}

/** Counts frames while something goes on. */
async function frames(page: Page, act: () => Promise<void>): Promise<Frames> {
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const before = await workOf(session)
  const counter = await page.evaluateHandle(() => {
    const counted = { times: [0].slice(1), on: true }
    const tick = (at: number) => {
      counted.times.push(at)
      if (counted.on) requestAnimationFrame(tick)
    }
    requestAnimationFrame(tick)
    return counted
  })
  await act()
  const times = await counter.evaluate((counted) => {
    counted.on = false
    return counted.times
  })
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at))
  const total = (times.at(-1) ?? 0) - (times[0] ?? 0)
  const workMs = ((await workOf(session)) - before) / gaps.length
  await session.detach()
  return { perSecond: (gaps.length * 1_000) / total, workMs }
}

const steps = 60

/** At the pace of a hand: a step each frame. */
async function glide(page: Page, steps: number, by: number): Promise<void> {
  const box = { x: 700, y: 450 }
  for (let step = 1; step <= steps; step += 1) {
    await page.mouse.move(box.x + Math.sin(step / 12) * by, box.y + Math.cos(step / 9) * by * 0.6)
    await page.waitForTimeout(8)
  }
}

interface Memory {
  /** What the page's JavaScript keeps alive, compiled code included. */
  readonly heap: number
  /** What its process takes from the machine and shares with no other: the largest of the browser's pages is ours. */
  readonly tab: number
}

async function memoryOf(page: Page): Promise<Memory> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  await session.detach()
  // What was collected is given back a moment later.
  await page.waitForTimeout(5_000)
  const tabs = descendants(process.pid).filter((pid) => commandOf(pid).includes('--type=renderer'))
  return { heap: usedSize, tab: Math.max(...tabs.map(privateBytes)) }
}

const commandOf = (pid: number): string => told(pid, 'cmdline')

/** What the system tells of a process; nothing of one that has just ended. */
function told(pid: number, what: string): string {
  try {
    return readFileSync(`/proc/${pid}/${what}`, 'utf8')
  } catch {
    return ''
  }
}

function privateBytes(pid: number): number {
  const pages = told(pid, 'smaps_rollup')
  const kilobytes = Array.from(pages.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+)/gm), ([, figure]) =>
    Number(figure),
  )
  return kilobytes.reduce((sum, each) => sum + each, 0) * 1_024
}

const megabytes = (bytes: number): string => `${(bytes / 1_048_576).toFixed(1)} MB`

/** As many edits as somebody makes in half an hour who rests three seconds after each. */
const rounds = 50
const editsARound = 12
const restMs = process.argv.includes('half-hour') ? 3_000 * editsARound : 0

/** Moves, adds, fills in, copies, deletes, and takes all of it back: the graph is as large afterwards as before. */
async function edit(page: Page, round: number): Promise<void> {
  const { keyboard } = page
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await keyboard.press(key)
  }
  await page.locator('.react-flow').focus()
  await press('Control+a', round % 2 === 0 ? 'ArrowRight' : 'ArrowDown', 'Control+z', 'Escape')
  // From the webhook along the edges, to another node in each round.
  await press(...Array.from({ length: 1 + (round % 20) }, () => 'Alt+ArrowRight'))
  await press('Backspace', 'Control+z')
  await press('Control+d', 'Control+z')
  await press('/')
  await page.locator('[cmdk-input]').waitFor()
  await keyboard.type('delay')
  await press('Enter')
  await page.locator('#inspector').getByLabel('Label').waitFor()
  await press('Enter')
  await keyboard.type(`Wait ${round}`)
  await press('Escape')
  await page.locator('.react-flow').focus()
  await press('Control+z', 'Control+z', 'Control+Shift+z', 'Control+z', 'Escape')
}

interface Row {
  readonly name: string
  readonly figure: string
  readonly bar: string
  readonly reached: boolean
}

async function measure(page: Page, url: string): Promise<readonly boolean[]> {
  const reached: boolean[] = []
  const row = (row: Row) => {
    console.log(`${row.reached ? ' ' : '✗'} ${row.name.padEnd(34)} ${row.figure.padEnd(40)} ${row.bar}`)
    reached.push(row.reached)
  }
  const opened = performance.now()
  await page.goto(url)
  await page.waitForSelector('.react-flow__node', { timeout: 120_000 })
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
  const openMs = performance.now() - opened
  row({
    name: 'opens 500 nodes, 600 edges',
    figure: `${Math.round(openMs)} ms`,
    bar: '< 2000 ms',
    reached: openMs < 2_000,
  })
  const told = (name: string, { perSecond, workMs }: Frames) =>
    row({
      name,
      figure: `${perSecond.toFixed(1)} frames/s, ${workMs.toFixed(1)} ms of work each`,
      bar: '≥ 50 frames/s',
      reached: perSecond >= 50,
    })
  const pan = async (name: string) => {
    await page.mouse.move(700, 450)
    await page.mouse.down({ button: 'middle' })
    told(name, await frames(page, () => glide(page, steps, 300)))
    await page.mouse.up({ button: 'middle' })
  }
  const drag = async (name: string) => {
    const card = page.locator('.react-flow__node-card').nth(8)
    const box = await card.boundingBox()
    if (box === null) throw new Error('there is no card to drag')
    await page.mouse.move(box.x + box.width / 2, box.y + 4)
    await page.mouse.down()
    told(name, await frames(page, () => glide(page, steps, 120)))
    await page.mouse.up()
  }
  await pan('pans, as it opens')
  await drag('drags a card, as it opens')
  await page.locator('.react-flow').focus()
  await page.keyboard.press('f')
  await page.waitForTimeout(600)
  await pan('pans, all 500 in view')
  await drag('drags a card, all 500 in view')
  await page.locator('.react-flow').focus()
  await page.keyboard.press('1')
  await page.waitForTimeout(600)
  await pan('pans at 100 %')
  await drag('drags a card at 100 %')

  const before = await memoryOf(page)
  for (let round = 0; round < rounds; round += 1) {
    await edit(page, round)
    await page.waitForTimeout(restMs)
  }
  const after = await memoryOf(page)
  const edits = `after ${rounds * editsARound} edits`
  for (const { name, from, to } of [
    { name: `memory of the tab ${edits}`, from: before.tab, to: after.tab },
    { name: `JavaScript heap ${edits}`, from: before.heap, to: after.heap },
  ]) {
    row({
      name,
      figure: `${megabytes(from)} → ${megabytes(to)}, ${(to / from).toFixed(2)} ×`,
      bar: '≤ 1.5 ×',
      reached: to / from <= 1.5,
    })
  }
  return reached
}

if (!hasBrowser) {
  console.log('There is no Chromium here: nothing was measured.')
  process.exit(0)
}
const server = await startServer()
const browser = await openBrowser(server)
try {
  const { id } = await server.api<{ id: string }>('POST', '/api/workflows', {
    name: 'Large',
    graph: largeGraph(),
  })
  const reached = await measure(await browser.context.newPage(), `${server.url}/workflows/${id}`)
  process.exitCode = reached.every(Boolean) ? 0 : 1
} finally {
  await browser.close()
  await server.stop()
  await removeDataDir(server.dataDir)
}
