import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type Page, chromium } from 'playwright-core'
import { apiToken, type RunningServer } from './server.ts'

const executablePath = '/usr/bin/chromium'

/** Whether there is a browser; where there is none, tests that need it skip and say so. */
export const hasBrowser = existsSync(executablePath)

export interface Browser {
  readonly context: BrowserContext
  /** A page of the editor, signed in. Each page collects what the browser complains of. */
  open(path?: string): Promise<Page & { readonly complaints: readonly string[] }>
  close(): Promise<void>
}

/** A fresh browser of its own, that only looks at this server. */
export async function openBrowser(
  server: Pick<RunningServer, 'url'>,
  { dark = false, width = 1440, height = 900 } = {},
): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'hookloom-browser-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  await context.request.post(`${server.url}/api/session`, {
    data: { token: apiToken },
    headers: { origin: server.url },
  })
  return {
    context,
    async open(path = '/') {
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      await page.goto(server.url + path)
      return Object.assign(page, { complaints })
    },
    async close() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}
