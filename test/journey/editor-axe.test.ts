/** Every page and its main states, light and dark: axe-core finds nothing that WCAG 2.2 AA forbids. */
import { expect, test } from 'vitest'
import { type Browser, hasBrowser, openBrowser } from '../support/browser.ts'
import { fill } from '../support/editor-fill.ts'
import {
  type State,
  emptyStates,
  filledStates,
  signInAgain,
  signedOutStates,
  walkThrough,
} from '../support/editor-states.ts'
import { editorWorld, left, openTarget } from '../support/editor-world.ts'
import { violationsOf } from '../support/violations.ts'

/** Some seventy states, of two browsers on two cores. */
const allStatesMs = 240_000

test.skipIf(!hasBrowser)(
  'nothing on any page keeps anybody out, in the light or in the dark',
  async () => {
    const receiver = await openTarget()
    const { server, browser } = await editorWorld()
    const found: Record<string, readonly string[]> = {}
    const pageOf = async (browser: Browser) => {
      const page = await browser.open()
      page.setDefaultTimeout(15_000)
      return {
        page,
        async look(states: Iterable<State>) {
          for (const state of states) {
            await walkThrough(page, server, state, async (name) => {
              const violations = await violationsOf(page)
              if (violations.length > 0) found[name] = violations
              // Only the colours are others.
              await page.emulateMedia({ colorScheme: 'dark' })
              const inDark = await violationsOf(page, ['color-contrast'])
              if (inDark.length > 0) found[`${name}, dark`] = inDark
              await page.emulateMedia({ colorScheme: 'light' })
            })
          }
        },
      }
    }
    await browser.context.clearCookies()
    const one = await pageOf(browser)
    await one.look(signedOutStates)
    await signInAgain(one.page, server)
    await one.look(emptyStates)

    const second = await openBrowser(server)
    left.push(() => second.close())
    const other = await pageOf(second)
    // Each takes the next when it is done with one.
    const states = filledStates(await fill(server, receiver)).values()
    await Promise.all([one.look(states), other.look(states)])
    expect(found).toEqual({})
  },
  allStatesMs,
)
