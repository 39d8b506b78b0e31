/** The list of workflows: walked, searched, paused; files out of it and into it; and a server that goes away. */
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { workflowFile } from '../../nodes/contract/workflow.ts'
import { hasBrowser } from '../support/browser.ts'
import {
  choose,
  editorWorld,
  focused,
  journeyMs,
  left,
  list,
  opened,
  row,
  tabTo,
} from '../support/editor-world.ts'
import { eventually, startServer } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'
import { githubSecret, pushGraph } from '../support/workflows.ts'

test.skipIf(!hasBrowser)(
  'makes a new workflow with its hook, and walks, searches and pauses by keyboard',
  async () => {
    const { server, browser } = await editorWorld()
    const page = await browser.open('/workflows')
    await page.getByRole('button', { name: 'New workflow' }).click()
    await page.keyboard.type('Orders')
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL(opened)
    const [{ id }] = (await server.api('GET', '/api/workflows')).items
    const { draft } = await server.api('GET', `/api/workflows/${id}`)
    expect(draft.nodes).toMatchObject([{ id: 'hook', type: 'webhook' }])

    for (const name of ['Refunds', 'Returns'])
      await server.api('POST', '/api/workflows', { name, graph: draft })
    await page.goto(`${server.url}/dashboard`)
    await page.getByRole('heading', { name: 'Dashboard', level: 1 }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('w')
    await page.getByText('3 workflows').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('re')
    await page.getByText('2 of 3 workflows').waitFor()
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('Returns')
    await page.keyboard.press('ArrowDown')
    expect(await focused(page)).toBe('Refunds')
    await tabTo(page, 'Refunds: pause')
    await page.keyboard.press('Space')
    await eventually(
      () => server.api('GET', '/api/workflows?key=refunds'),
      ({ items: [refunds] }) => refunds.enabled === false,
    )
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    await page.waitForURL(opened)
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'writes a workflow into a file without its secrets, deletes it, and takes it back',
  async () => {
    const { server, browser } = await editorWorld()
    const notes = [{ id: 'why', position: { x: 0, y: 200 }, width: 220, height: 120, text: 'Ask Ada first.' }]
    const graph = { ...pushGraph('https://example.com/'), notes }
    const made = await server.api('POST', '/api/workflows', {
      key: 'pushes',
      name: 'Pushes',
      graph,
      publish: true,
    })
    const page = await browser.open('/workflows')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      choose(page, 'Pushes', 'Export as a file'),
    ])
    expect(download.suggestedFilename()).toBe('pushes.json')
    const text = await readFile(await download.path(), 'utf8')
    expect(text).not.toContain(githubSecret)
    expect(workflowFile.parse(JSON.parse(text))).toMatchObject({
      key: 'pushes',
      name: 'Pushes',
      graph: { notes },
    })

    await choose(page, 'Pushes', 'Delete…')
    await page.getByText('all events that it received, and all their runs').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Delete workflow' }).click()
    await page.getByText('Your first workflow').waitFor()
    expect((await fetch(made.hook.url, { method: 'POST' })).status).toBe(404)

    const file = (name: string, text: string) => ({ name, mimeType: '', buffer: Buffer.from(text) })
    const picker = page.locator('input[type=file]')
    await picker.setInputFiles(file('pushes.json', text))
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.waitForURL(opened)
    const [back] = (await server.api('GET', '/api/workflows?key=pushes')).items
    expect(back).toMatchObject({ name: 'Pushes', version: null })
    const { draft } = await server.api('GET', `/api/workflows/${back.id}`)
    expect(draft).toEqual(made.draft)

    await list(page).click()
    await picker.setInputFiles([
      file('pushes.yaml', 'name: Pushes again\ngraph:\n  nodes: [{ id: hook, type: webhook }]\n'),
      file('typo.yml', 'name: Typo\ngraph:\n  nodes: [{ id: a, type: filtr }]\n'),
      file('cut.json', '{ "name": '),
    ])
    await page.getByText('There is no node type "filtr": did you mean "filter"?').waitFor()
    await page.getByText(/^It cannot be read: /).waitFor()
    const bring = page.getByRole('button', { name: 'Import', exact: true })
    expect(await bring.isDisabled()).toBe(true)
    await page.getByLabel('Replace its draft').check()
    expect(await violationsOf(page)).toEqual([])
    await bring.click()
    await page.waitForURL(opened)
    expect(page.url()).toContain(back.id)
    const replaced = await server.api('GET', `/api/workflows/${back.id}`)
    expect(replaced).toMatchObject({ key: 'pushes', name: 'Pushes again' })
    expect(replaced.draft.nodes).toHaveLength(1)

    await list(page).click()
    await choose(page, 'Pushes again', 'Duplicate')
    await row(page, 'Pushes again copy').waitFor()
    expect(await focused(page)).toBe('Pushes again copy')
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'takes a file that is dropped onto the page',
  async () => {
    const { browser } = await editorWorld()
    const page = await browser.open('/workflows')
    await page.getByText('Your first workflow').waitFor()
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['name: Dropped\ngraph: { nodes: [] }\n'], 'dropped.yaml'))
      return transfer
    })
    const zone = page.getByRole('heading', { name: 'Workflows', level: 1 })
    await zone.dispatchEvent('dragover', { dataTransfer: dropped })
    await page.getByText('Drop workflow files to import them').waitFor()
    await zone.dispatchEvent('drop', { dataTransfer: dropped })
    await page.getByRole('dialog').getByText('Dropped', { exact: true }).waitFor()
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'says when the server is away, and takes it back when it answers again',
  async () => {
    const { server, browser } = await editorWorld()
    const page = await browser.open('/workflows')
    await page.getByText('Your first workflow').waitFor()
    const { dataDir } = server
    await server.kill()
    const banner = page.getByText('The server does not answer.')
    await banner.waitFor()
    expect(await violationsOf(page)).toEqual([])
    const again = await startServer({ dataDir, port: Number(new URL(server.url).port) })
    left.push(() => again.stop())
    await again.api('POST', '/api/workflows', { name: 'Meanwhile', graph: { nodes: [], edges: [] } })
    await banner.waitFor({ state: 'detached' })
    await row(page, 'Meanwhile').waitFor()
  },
  journeyMs,
)
