/** A run that is shown on the canvas while it goes on: which node is at work, what passed, what failed and how often. */
import type { Page } from 'playwright-core'
import { expect, test, vi } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, journeyMs, openTarget } from '../support/editor-world.ts'
import type { Behaviour } from '../support/receiver.ts'
import { violationsOf } from '../support/violations.ts'
import { publish } from '../support/workflows.ts'

vi.setConfig({ testTimeout: journeyMs })

/** A target that answers each request only when it is told to. */
async function openPatientTarget() {
  const target = await openTarget()
  const held: ((next: Behaviour) => void)[] = []
  target.behave(() => ({ kind: 'held', until: new Promise((resolve) => held.push(resolve)) }))
  return {
    url: target.url,
    received: (count: number) => target.received(count),
    answer: (status: number) => held.shift()?.({ kind: 'answer', status }),
  }
}

/** Webhook → transform → http A → http B, which tries twice. */
const graphTo = (url: string) => ({
  nodes: [
    { id: 'hook', type: 'webhook', position: { x: 0, y: 0 }, data: { label: 'Hook' } },
    {
      id: 'text',
      type: 'transform',
      position: { x: 280, y: 0 },
      data: { label: 'Text', config: { expression: '{ "n": n }' } },
    },
    {
      id: 'a',
      type: 'http',
      position: { x: 560, y: 0 },
      data: { label: 'A', config: { url: `${url}/a` } },
    },
    {
      id: 'b',
      type: 'http',
      position: { x: 840, y: 0 },
      data: { label: 'B', config: { url: `${url}/b`, retry: { attempts: 2, schedule: [0.1] } } },
    },
  ],
  edges: [
    { id: 'e1', source: 'hook', target: 'text' },
    { id: 'e2', source: 'text', target: 'a' },
    { id: 'e3', source: 'a', target: 'b' },
  ],
})

const titles = ['Hook', 'Text', 'A', 'B'] as const
type Title = (typeof titles)[number]
type Marks = Readonly<Record<Title, string>>

const card = (page: Page, title: Title) => page.getByRole('group', { name: new RegExp(`^${title}, `) })

/** What the cards say of the run that is shown: the end of their names, which no run is part of here. */
async function watchMarks(page: Page): Promise<() => Promise<Marks>> {
  const names = () =>
    Promise.all(titles.map(async (title) => (await card(page, title).getAttribute('aria-label')) ?? ''))
  const plain = await names()
  return async () => {
    const marks = (await names()).map((name, at) => name.slice((plain[at]?.length ?? 0) + '. '.length))
    const [Hook = '', Text = '', A = '', B = ''] = marks
    return { Hook, Text, A, B }
  }
}

/** Whether the line from one card to another is drawn as the way of the run. */
const look = (page: Page, name: string) =>
  page.getByRole('img', { name, exact: true }).locator('.canvas-line').getAttribute('data-look')

const done = 'Succeeded'
/** A page whose stream is not open yet reads the run again every two seconds. */
const soon = { timeout: 20_000 }

test.skipIf(!hasBrowser)('lights up the nodes of a test run as its steps happen', async () => {
  const { server, browser } = await editorWorld()
  const target = await openPatientTarget()
  const { id } = await publish(server, graphTo(target.url))
  const page = await browser.open(`/workflows/${id}`)
  const marks = await watchMarks(page)

  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Run for real' }).click()
  await target.received(1)
  await expect.poll(marks, soon).toEqual({ Hook: done, Text: done, A: 'Running', B: '' })
  expect(await look(page, 'Text to A')).toBe('passed')
  expect(await look(page, 'A to B')).toBe('aside')
  expect(await violationsOf(page)).toEqual([])

  target.answer(200)
  await target.received(2)
  await expect.poll(marks, soon).toEqual({ Hook: done, Text: done, A: done, B: 'Running' })
  expect(await look(page, 'A to B')).toBe('passed')
  await card(page, 'B').click()
  await page.getByRole('tab', { name: 'Data' }).click()
  const inspector = page.getByRole('complementary')
  await inspector.getByText('Data appears as soon as this node is done').waitFor()

  // Its second attempt is held: until that is answered the step waits, with the first.
  target.answer(500)
  await target.received(3)
  const why = expect.stringMatching(/^Waiting to try again: .* answered 500/) as string
  await expect.poll(marks, soon).toEqual({ Hook: done, Text: done, A: done, B: why })
  const attempts = inspector.getByRole('group', { name: 'Attempts' }).getByRole('listitem')
  await expect.poll(() => attempts.count(), soon).toBe(1)
  await attempts.getByText('500', { exact: true }).waitFor()
  await inspector.getByText(/answered 500, expected 2xx/).waitFor()
  expect(await violationsOf(page)).toEqual([])

  target.answer(200)
  await expect.poll(marks, soon).toEqual({ Hook: done, Text: done, A: done, B: `${done} · 2 attempts` })
  await expect.poll(() => attempts.count(), soon).toBe(2)
  expect(page.complaints).toEqual([])
})

test.skipIf(!hasBrowser)('leaves the error of a published run on the node that failed', async () => {
  const { server, browser } = await editorWorld()
  const target = await openPatientTarget()
  const { id, path } = await publish(server, graphTo(target.url))
  const page = await browser.open(`/workflows/${id}`)
  const marks = await watchMarks(page)

  await fetch(server.url + path, { method: 'POST', body: '{"n":1}' })
  await target.received(1)
  const { items } = await server.api('GET', `/api/runs?workflowId=${id}`)
  await page.goto(`${server.url}/workflows/${id}?run=${items[0].id}&node=b`)
  await expect.poll(marks, soon).toEqual({ Hook: done, Text: done, A: 'Running', B: '' })

  target.answer(200)
  for (const n of [2, 3]) {
    await target.received(n)
    target.answer(500)
  }
  const why = expect.stringMatching(/^[^ ]+ answered 500, expected 2xx.* · 2 attempts$/) as string
  await expect.poll(marks, soon).toEqual({ Hook: done, Text: done, A: done, B: why })
  await page.getByRole('tab', { name: 'Data' }).click()
  const inspector = page.getByRole('complementary')
  await inspector.getByText(/answered 500, expected 2xx/).waitFor()
  const attempts = inspector.getByRole('group', { name: 'Attempts' }).getByRole('listitem')
  await expect.poll(() => attempts.count(), soon).toBe(2)
  expect(await attempts.getByText('500', { exact: true }).count()).toBe(2)
  expect(page.complaints).toEqual([])
})
