/** Worlds of the editor's journeys: a server, a browser that is signed in there, and what they leave behind. */
import type { Page } from 'playwright-core'
import { afterEach } from 'vitest'
import { type Browser, hasBrowser, openBrowser } from './browser.ts'
import { openReceiver } from './receiver.ts'
import { type RunningServer, removeDataDir, startServer } from './server.ts'

if (!hasBrowser) console.warn('skipped: there is no /usr/bin/chromium, so nobody looked at the editor')

/** A browser on a machine that does much else takes its time. */
export const journeyMs = 90_000

export const left: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const leave of left.splice(0).toReversed()) await leave()
})

export async function editorWorld(): Promise<{ readonly server: RunningServer; readonly browser: Browser }> {
  const server = await startServer()
  left.push(
    () => removeDataDir(server.dataDir),
    () => server.stop(),
  )
  const browser = await openBrowser(server)
  left.push(() => browser.close())
  await browser.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url })
  return { server, browser }
}

export async function openTarget() {
  const receiver = await openReceiver()
  left.push(() => receiver.close())
  return receiver
}

export const opened = /\/workflows\/wf_\w+/
export const list = (page: Page) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Workflows' })
export const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
export const choose = async (page: Page, workflow: string, item: string) => {
  await page.getByRole('button', { name: `More about ${workflow}` }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
export const focused = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.textContent || document.activeElement?.getAttribute('aria-label') || '',
  )
/** Presses Tab until the focus is on what bears this name. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let n = 0; n < 40; n += 1) {
    if ((await focused(page)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not reach "${name}"`)
}
