/** Every page and its main states, light and dark: axe-core finds nothing that WCAG 2.2 AA forbids. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import {
  emptyStates,
  fill,
  filledStates,
  goTo,
  signInAgain,
  signedOutStates,
} from '../support/editor-states.ts'
import { editorWorld, openTarget } from '../support/editor-world.ts'
import { violationsOf } from '../support/violations.ts'

/** Some sixty states, each loaded anew. */
const allStatesMs = 240_000

const nextFrame = (page: Page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))

test.skipIf(!hasBrowser)(
  'nothing on any page keeps anybody out, in the light or in the dark',
  async () => {
    const receiver = await openTarget()
    const { server, browser } = await editorWorld()
    await browser.context.clearCookies()
    const page = await browser.open()
    page.setDefaultTimeout(15_000)

    const found: Record<string, readonly string[]> = {}
    const look = async (states: typeof emptyStates) => {
      for (const state of states) {
        await goTo(page, server, state)
        const violations = await violationsOf(page)
        if (violations.length > 0) found[state.name] = violations
        // Only the colours are others.
        await page.emulateMedia({ colorScheme: 'dark' })
        await nextFrame(page)
        const inDark = await violationsOf(page, ['color-contrast'])
        if (inDark.length > 0) found[`${state.name}, dark`] = inDark
        await page.emulateMedia({ colorScheme: 'light' })
      }
    }
    await look(signedOutStates)
    await signInAgain(page, server)
    await look(emptyStates)
    await look(filledStates(await fill(server, receiver)))
    expect(found).toEqual({})
  },
  allStatesMs,
)
