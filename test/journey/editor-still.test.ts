/**
 * Nothing jumps away from under the hand: not while a page loads from a slow server, not when a part of it is scrolled. Nor
 * does a small page break its bars.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { fill } from '../support/editor-fill.ts'
import { filledStates } from '../support/editor-states.ts'
import { editorWorld, journeyMs, openTarget } from '../support/editor-world.ts'

/** Of the layout shifts of a page together; 0.1 counts as good elsewhere. */
const shiftMax = 0.02
/** For which an answer is held: what stands in its place has long been seen then. */
const framesHeld = 20
const pages = ['workflows', 'events', 'runs', 'canvas', 'dashboard', 'settings', 'event', 'run that failed']
/** With words for the ear alone, far down. */
const scrolled = [
  'settings',
  'event',
  'rejections',
  'run that failed',
  'inspector of send, Settings',
  'drawer, Runs',
]

test.skipIf(!hasBrowser)(
  'nothing jumps while a page loads from a slow server',
  async () => {
    const { server, states, page } = await filled(pages)
    const found: Record<string, readonly string[]> = {}
    for (const { path, name, reach } of states) {
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await slowly(page)
      await page.goto(server.url + path)
      await reach(page)
      await frames(page, framesHeld)
      const { sum, moved } = await shiftsOf(page)
      if (sum >= shiftMax) found[name] = moved
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    expect(states).toHaveLength(pages.length)
    expect(found).toEqual({})
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'the window stays where it is: only the parts of a page scroll',
  async () => {
    const { server, states, page } = await filled(scrolled)
    // So low that all of them have more to show.
    await page.setViewportSize({ width: 800, height: 400 })
    const beyond: Record<string, number> = {}
    for (const { path, name, reach } of states) {
      await page.goto(server.url + path)
      await reach(page)
      const pixels = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)
      if (pixels > 0) beyond[name] = pixels
    }
    expect(states).toHaveLength(scrolled.length)
    expect(beyond).toEqual({})
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'on a page of 800 pixels the filters of a list stand on one line, and what opens from a bar leaves its line free',
  async () => {
    const { server, states, page } = await filled(['events', 'runs', 'rejections', 'publish', 'test'])
    await page.setViewportSize({ width: 800, height: 600 })
    const lines: Record<string, number> = {}
    const over: string[] = []
    for (const { path, name, reach } of states) {
      await page.goto(server.url + path)
      await reach(page)
      if (name === 'publish' || name === 'test') {
        const opened = await page.locator('[data-radix-popper-content-wrapper]').boundingBox()
        const bar = await page.locator('header').boundingBox()
        if ((opened?.y ?? 0) <= (bar?.height ?? Infinity)) over.push(name)
        continue
      }
      const middles = await page
        .getByRole('combobox')
        .or(page.getByRole('navigation', { name: 'What came in' }))
        .evaluateAll((controls) =>
          controls.map((control) => {
            const { top, bottom, right } = control.getBoundingClientRect()
            return right > innerWidth ? NaN : Math.round((top + bottom) / 2)
          }),
        )
      lines[name] = new Set(middles).size
    }
    expect(lines).toEqual({ events: 1, runs: 1, rejections: 1 })
    expect(over).toEqual([])
  },
  journeyMs,
)

/** A server with something to show on the states of these names, and a page to look at them. */
async function filled(names: readonly string[]) {
  const receiver = await openTarget()
  const { server, browser } = await editorWorld()
  const states = filledStates(await fill(server, receiver)).filter(({ name }) => names.includes(name))
  return { server, states, page: await browser.context.newPage() }
}

/** Holds each answer of the API, the live stream too, until the page has drawn what stands in its place. */
const slowly = (page: Page) =>
  page.route('**/api/**', async (route) => {
    try {
      await frames(page, framesHeld)
      await route.continue()
    } catch (error) {
      // The page that asked has been left meanwhile.
      if (!/navigation|closed/.test(String(error))) throw error
    }
  })

const frames = (page: Page, count: number) =>
  page.evaluate(async (count) => {
    for (let n = 0; n < count; n += 1) await new Promise(requestAnimationFrame)
  }, count)

interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly sources: readonly { readonly node: Node | null }[]
}

interface Shifts {
  readonly sum: number
  /** How much each moved, and what. */
  readonly moved: readonly string[]
}

/** Since the page was loaded. */
const shiftsOf = (page: Page): Promise<Shifts> =>
  page.evaluate(() => {
    const observer = new PerformanceObserver(() => {})
    observer.observe({ type: 'layout-shift', buffered: true })
    const nameOf = (node: Node | null) =>
      node instanceof Element ? `${node.tagName}.${node.getAttribute('class')}` : (node?.textContent ?? '')
    const isShift = (entry: PerformanceEntry): entry is LayoutShift => entry.entryType === 'layout-shift'
    const shifts = observer.takeRecords().filter(isShift)
    return {
      sum: shifts.reduce((sum, { value }) => sum + value, 0),
      moved: shifts.map(
        ({ value, sources }) => `${value.toFixed(3)} ${sources.map(({ node }) => nameOf(node)).join(' | ')}`,
      ),
    }
  })
