/** What came in at the door, and what the editor makes of it: types to switch on, files to save, networks to allow. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { chain } from '../support/chain.ts'
import { editorWorld, journeyMs } from '../support/editor-world.ts'
import { type Answer, type RunningServer, eventually } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'

interface Made {
  readonly id: string
  readonly token: string
}

async function make(server: RunningServer, graph: unknown): Promise<Made> {
  const made: Answer = await server.api('POST', '/api/workflows', { name: 'Shop', graph, publish: true })
  return { id: made.id, token: made.hook.token }
}

async function send(server: RunningServer, { token }: Made, body: string | FormData): Promise<Answer> {
  const response = await fetch(`${server.url}/hooks/${token}`, { method: 'POST', body })
  expect(response.status).toBe(200)
  return response.json()
}

test.skipIf(!hasBrowser)(
  'a switch offers the types of the events that came, each a case by one press',
  async () => {
    const { server, browser } = await editorWorld()
    const cases = [{ port: 'paid', condition: '$event.type = "order.paid"' }]
    const made = await make(server, chain({ naming: { type: 'body:type' } }, ['switch', { cases }]))
    for (const type of ['order.paid', 'order.refunded', 'customer "new"', 'order.refunded'])
      await send(server, made, JSON.stringify({ type }))
    const page = await browser.open(`/workflows/${made.id}?node=switch`)
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText('Types that came').waitFor()
    // One has its case already.
    expect(await inspector.getByRole('button', { name: /^(order|customer)/ }).allInnerTexts()).toEqual([
      'order.refunded',
      'customer "new"',
    ])
    expect(await violationsOf(page)).toEqual([])
    await inspector.getByRole('button', { name: 'order.refunded' }).click()
    await inspector.getByRole('button', { name: 'customer "new"' }).click()
    await inspector.getByText('Types that came').waitFor({ state: 'detached' })
    const { draft } = await eventually(
      () => server.api('GET', `/api/workflows/${made.id}`),
      ({ draft }: Answer) => draft.nodes[1].data.config.cases.length === 3,
    )
    expect(draft.nodes[1].data.config.cases.slice(1)).toEqual([
      { port: 'order-refunded', condition: '$event.type = "order.refunded"' },
      { port: 'customer-new', condition: '$event.type = "customer \\"new\\""' },
    ])
    // What was made can be published, and takes the events that it is made for.
    await server.api('POST', `/api/workflows/${made.id}/publish`)
    const { id } = await send(server, made, '{"type":"customer \\"new\\""}')
    const { items } = await eventually(
      () => server.api('GET', `/api/runs?eventId=${id}`),
      ({ items }) => items[0]?.endedAt != null,
    )
    const run = await server.api('GET', `/api/runs/${items[0].id}`)
    expect(run.steps.at(-1).port).toBe('customer-new')
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'an event that brought files lists them, and each can be saved',
  async () => {
    const { server, browser } = await editorWorld()
    const made = await make(server, chain({}))
    const form = new FormData()
    const bytes = Uint8Array.from({ length: 2_000 }, (_, at) => at % 256)
    form.set('note', 'see the scan')
    form.set('scan', new File([bytes], 'scan of 17.pdf', { type: 'application/pdf' }))
    const { id } = await send(server, made, form)
    const page = await browser.open(`/events/${id}`)
    const files = page.getByRole('region', { name: 'Files' })
    await files.getByText('scan of 17.pdf').waitFor()
    expect(await files.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/scan of 17\.pdf\s+application\/pdf\s+2\.0 KB/),
    ])
    expect(await violationsOf(page)).toEqual([])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      files.getByRole('button', { name: 'Save scan of 17.pdf' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('scan of 17.pdf')
    expect(new Uint8Array(await readFile(await download.path()))).toEqual(bytes)
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'the networks of the chosen sender are allowed by one press',
  async () => {
    const { server, browser } = await editorWorld()
    const made = await make(server, chain({ verification: { scheme: 'github', secret: 'a-secret-of-ours' } }))
    const page = await browser.open(`/workflows/${made.id}?node=webhook`)
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByRole('button', { name: /^GitHub’s \d+ networks$/ })
      .click()
    const { draft } = await eventually(
      () => server.api('GET', `/api/workflows/${made.id}`),
      ({ draft }: Answer) => draft.nodes[0].data.config.allowFrom?.length > 0,
    )
    expect(draft.nodes[0].data.config.allowFrom).toContain('140.82.112.0/20')
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)
