import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type axeCore from 'axe-core'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

const wcag22 = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** Longer than any colour of ours takes to change. */
const colourMs = 300

/** What axe-core finds on the page as it stands, by the rules of WCAG 2.2 AA or by these alone; one line each. */
export async function violationsOf(
  page: Page,
  runOnly: readonly string[] = wcag22,
): Promise<readonly string[]> {
  // A colour on its way from one theme to the other is neither's.
  await page.waitForTimeout(colourMs)
  // As text, because the page's own policy takes scripts from files only.
  await page.evaluate(axe)
  return page.evaluate(
    async (runOnly) => {
      const { violations } = await (globalThis as unknown as { readonly axe: typeof axeCore }).axe.run({
        runOnly,
      })
      return violations.map(
        ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' | ')}`,
      )
    },
    [...runOnly],
  )
}
