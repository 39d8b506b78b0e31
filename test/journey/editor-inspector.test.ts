/**
 * The inspector in a browser, on a real server: every kind of setting is filled in by hand and by keyboard, and what was
 * filled in is what the server has.
 */
import { isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Browser, hasBrowser, openBrowser } from '../support/browser.ts'
import { type Answer, type RunningServer, eventually, removeDataDir, startServer } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'

if (!hasBrowser) console.log('skipped: there is no /usr/bin/chromium to open the editor in')

const at = (x: number) => ({ x, y: 0 })
const graph = {
  nodes: [
    {
      id: 'hook',
      type: 'webhook',
      position: at(0),
      data: { config: { verification: { scheme: 'github', secret: 'It is a secret to everybody' } } },
    },
    { id: 'main', type: 'filter', position: at(240), data: { config: {} } },
    { id: 'rows', type: 'filter', position: at(240), data: { config: {} } },
    { id: 'pick', type: 'switch', position: at(480), data: { config: {} } },
    { id: 'make', type: 'transform', position: at(480), data: { config: {} } },
    { id: 'run', type: 'script', position: at(480), data: { config: {} } },
    { id: 'send', type: 'http', position: at(720), data: { config: {} } },
    { id: 'wait', type: 'delay', position: at(720), data: { config: {} } },
  ],
  edges: ['main', 'rows', 'pick', 'make', 'run', 'wait', 'send'].map((target) => ({
    id: `to-${target}`,
    source: 'hook',
    target,
  })),
}

describe.skipIf(!hasBrowser)('the inspector', { timeout: 60_000 }, () => {
  let server: RunningServer
  let browser: Browser

  beforeAll(async () => {
    server = await startServer()
    browser = await openBrowser(server, { width: 1440, height: 1000 })
    await server.call('PUT', '/api/secrets/API', { value: 'token-1' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    await removeDataDir(server?.dataDir)
  })

  afterEach(() => Promise.all(browser.context.pages().map((page) => page.close())))

  /** A workflow of its own, with one of its nodes open. */
  async function open(nodeId: string) {
    const { id }: Answer = await server.api('POST', '/api/workflows', { name: `Open ${nodeId}`, graph })
    const page = await browser.open(`/workflows/${id}?node=${nodeId}`)
    page.setDefaultTimeout(20_000)
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByRole('tab', { name: 'Settings' }).waitFor()
    const draft = async (): Promise<Answer> => (await server.api('GET', `/api/workflows/${id}`)).draft
    const config = async (): Promise<Answer> =>
      (await draft()).nodes.find((node: Answer) => node.id === nodeId).data.config
    return {
      page,
      inspector,
      draft,
      group: (name: string) => inspector.getByRole('group', { name, exact: true }).first(),
      /** Waits until the server has these settings. */
      saved: (expected: unknown) => eventually(config, (found) => isDeepStrictEqual(found, expected), 20_000),
      complaints: () => page.complaints,
    }
  }

  test('a tab shows where the focus is to whoever came by a key, not to whoever clicked it', async () => {
    const { page, inspector } = await open('main')
    const showsFocus = (name: string) =>
      inspector.getByRole('tab', { name, selected: true }).evaluate((tab) => tab.matches(':focus-visible'))
    await inspector.getByRole('tab', { name: 'Data' }).click()
    expect(await showsFocus('Data')).toBe(false)
    await page.keyboard.press('ArrowRight')
    expect(await showsFocus('Help')).toBe(true)
  })

  test('an HTTP request is filled in whole: method, URL with a template, headers, body, retry, secret', async () => {
    const { inspector, group, saved, complaints, page } = await open('send')
    await group('Method').getByRole('combobox').selectOption('PUT')
    await group('URL').getByRole('textbox').fill('https://example.com/{{ pusher.name }}')
    await group('Headers').getByRole('button', { name: 'Add header' }).click()
    await page.keyboard.type('X-Who')
    await group('Headers').getByRole('textbox', { name: 'Value of X-Who' }).fill('ada')
    await group('Headers').getByRole('button', { name: 'Add header' }).click()
    await page.keyboard.type('Authorization')
    await group('Headers')
      .getByRole('button', { name: /^Value of Authorization/ })
      .click()
    await page.getByRole('menuitem', { name: 'A stored secret' }).click()
    await group('Headers').getByRole('combobox', { name: 'The secret of Authorization' }).selectOption('API')
    await group('Body').getByRole('radio', { name: 'JSON' }).check()
    await group('Body').getByRole('textbox').fill('{"text": "hi"}')
    await group('Timeout (ms)').getByRole('textbox').fill('5000')
    await group('Retry').getByRole('combobox').selectOption('A minute')
    await group('Retry').getByText('Each wait', { exact: true }).click()
    await group('Retry')
      .getByRole('textbox', { name: /Wait before attempt 2/ })
      .fill('10 s')
    // The last attempt is drawn along the time line; its wait follows.
    const last = group('Retry').locator('[title^="Attempt 4"]')
    const { x, y, width, height } = (await last.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await page.mouse.move(x + width / 2, y + height / 2)
    await page.mouse.down()
    await page.mouse.move(x - 20, y + height / 2, { steps: 2 })
    await page.mouse.up()
    const limits = group('Limits of the target')
    await limits.getByRole('textbox', { name: 'In each' }).fill('10 s')
    await limits.getByText('Say how many requests', { exact: false }).waitFor()
    await limits.getByRole('textbox', { name: 'Requests' }).fill('100')
    await limits.getByRole('textbox', { name: 'At once' }).fill('4')
    await group('Signing secret').getByRole('combobox').selectOption('API')
    await saved({
      method: 'PUT',
      url: 'https://example.com/{{ pusher.name }}',
      headers: { 'X-Who': 'ada', Authorization: { $secret: 'API' } },
      body: { text: 'hi' },
      timeoutMs: 5000,
      retry: { attempts: 4, schedule: [0, 10, 15, 20] },
      limits: { perSeconds: 10, requests: 100, concurrent: 4 },
      signing: { $secret: 'API' },
    })
    expect(await group('Retry').textContent()).toContain('4 attempts over 45 s')
    expect(await inspector.getByText('to mend').count()).toBe(0)
    expect(await violationsOf(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test.each(['once', 'twice', 'three times', 'four times', 'five times'])(
    'a field that is clicked just as the code editor takes its place keeps the focus, seen %s',
    async () => {
      let release = (): void => undefined
      const released = new Promise<void>((resolve) => (release = resolve))
      const codeEditor = '**/assets/editor-*.js'
      await browser.context.route(codeEditor, async (route) => {
        await released
        await route.continue()
      })
      const { page, group } = await open('send')
      // A click and a look elsewhere by turns, until the plain field is gone.
      const last = group('URL')
        .locator('textarea')
        .evaluate(
          (field) =>
            new Promise<boolean>((resolve) => {
              const turns = new MessageChannel()
              let isFocused = false
              turns.port1.addEventListener('message', () => {
                if (!field.isConnected) return resolve(isFocused)
                isFocused = !isFocused
                if (isFocused) field.focus()
                else field.blur()
                turns.port2.postMessage('next')
              })
              turns.port1.start()
              turns.port2.postMessage('first')
            }),
        )
      release()
      const wasFocused = await last
      const hasFocus = await group('URL')
        .getByRole('textbox')
        .evaluate((field) => field === document.activeElement)
      await browser.context.unroute(codeEditor)
      expect(hasFocus).toBe(wasFocused)
      expect(page.complaints).toEqual([])
    },
  )

  test('a value can be an expression instead, and comes back as it was', async () => {
    const { group, saved, complaints } = await open('send')
    await group('URL').getByRole('textbox').fill('https://example.com')
    await group('URL').getByRole('radio', { name: 'An expression' }).check()
    await saved({ url: { $: '"https://example.com"' } })
    await group('URL').getByRole('radio', { name: 'A fixed value' }).check()
    await saved({ url: 'https://example.com' })
    await group('Timeout (ms)').getByRole('radio', { name: 'An expression' }).check()
    await saved({ url: 'https://example.com', timeoutMs: { $: '30000' } })
    await group('Timeout (ms)').getByRole('radio', { name: 'A fixed value' }).check()
    await saved({ url: 'https://example.com' })
    expect(complaints()).toEqual([])
  })

  test('what is wrong stands under its field at once, and goes when it is mended', async () => {
    const { inspector, group, complaints } = await open('send')
    expect(await group('URL').textContent()).toContain('A URL is missing')
    await group('URL').getByRole('textbox').fill('ftp://example.com')
    await group('URL').getByText('A URL starts with https:// or http://').waitFor()
    await group('Timeout (ms)').getByRole('textbox').fill('soon')
    await group('Timeout (ms)')
      .getByText(/a number/)
      .waitFor()
    expect(await inspector.getByRole('tab', { name: /Settings 2 to mend/ }).count()).toBe(1)
    await group('URL').getByRole('textbox').fill('https://example.com')
    await group('Timeout (ms)').getByRole('textbox').fill('5')
    await inspector.getByRole('tab', { name: 'Settings', exact: true }).waitFor()
    expect(complaints()).toEqual([])
  })

  test('a condition is written by keyboard with completion from what the sender sends, and left by Escape and Tab', async () => {
    const { page, group, saved, complaints } = await open('main')
    await group('Condition').getByRole('textbox').click()
    await page.keyboard.type('re')
    const options = page.getByRole('listbox')
    await options.getByText('repository', { exact: true }).waitFor()
    await page.keyboard.type('f')
    await options.getByText('ref', { exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.keyboard.type(' = ')
    await options.getByText("'refs/heads/", { exact: false }).first().waitFor()
    await page.keyboard.press('Enter')
    await saved({ condition: "ref = 'refs/heads/main'" })
    // Escape, then Tab leaves the editor; Shift+Tab comes back to it.
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await group('Condition').locator(':focus').count()).toBe(0)
    expect(complaints()).toEqual([])
  })

  test('a mistake in an expression is found as it is typed, and underlined', async () => {
    const { group, complaints, page } = await open('make')
    await group('Expression').getByRole('textbox').fill('1 + ')
    await group('Expression')
      .getByText(/Line 1|end of expression/i)
      .waitFor()
    expect(await group('Expression').getByRole('textbox').getAttribute('aria-invalid')).toBe('true')
    await page.keyboard.type('2')
    await group('Expression')
      .getByText(/Line 1|end of expression/i)
      .waitFor({ state: 'detached' })
    expect(complaints()).toEqual([])
  })

  test('rules are built from rows and groups', async () => {
    const { page, group, saved, complaints } = await open('rows')
    const rules = group('Rules')
    await rules.getByRole('button', { name: 'Add a rule' }).click()
    await rules.getByRole('combobox', { name: 'Field' }).fill('message.ref')
    await rules.getByRole('textbox', { name: 'Value' }).fill('refs/heads/main')
    await rules.getByRole('button', { name: 'Rule', exact: true }).click()
    await rules.getByRole('combobox', { name: 'Field' }).nth(1).fill('header.user-agent')
    await rules.getByRole('combobox', { name: 'Comparison' }).nth(1).selectOption('contains')
    await rules.getByRole('textbox', { name: 'Value' }).nth(1).fill('bot')
    await rules.getByRole('button', { name: /^Not:/ }).nth(1).click()
    await rules.getByRole('button', { name: 'Group' }).click()
    await rules.getByRole('combobox', { name: 'Field' }).nth(2).fill('message.commits.message')
    await rules.getByRole('combobox', { name: 'Comparison' }).nth(2).selectOption('in-list')
    await rules.getByRole('textbox', { name: 'Values, one a line' }).fill('a\nb')
    await saved({
      rules: {
        all: [
          { field: 'message.ref', is: 'equals', value: 'refs/heads/main' },
          { not: { field: 'header.user-agent', is: 'contains', value: 'bot' } },
          { any: [{ field: 'message.commits.message', is: 'in-list', value: ['a', 'b'] }] },
        ],
      },
    })
    await rules.getByRole('combobox', { name: 'Field' }).first().fill('nowhere.ref')
    await rules.getByText(/A field starts with/).waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test('cases make ports, move by keyboard, and edges follow a port to its new name', async () => {
    const { page, group, draft, saved, complaints } = await open('pick')
    const cases = group('Cases')
    await cases.getByRole('button', { name: 'Add case' }).click()
    await cases.getByRole('textbox', { name: 'Port of case 1' }).fill('paid')
    await cases.getByRole('textbox', { name: 'Condition of paid' }).fill('total > 100')
    await cases.getByRole('button', { name: 'Add case' }).click()
    await cases.getByRole('textbox', { name: 'Port of case 2' }).fill('paid')
    await cases.getByText('There is a port “paid” already', { exact: false }).waitFor()
    await cases.getByRole('textbox', { name: 'Port of case 2' }).fill('large')
    await cases.getByRole('textbox', { name: 'Condition of large' }).fill('total > 1000')
    await cases.getByRole('textbox', { name: 'Port of case 2' }).press('Alt+ArrowUp')
    await saved({
      cases: [
        { port: 'large', condition: 'total > 1000' },
        { port: 'paid', condition: 'total > 100' },
      ],
    })
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Port of case 1')

    const id = new URL(page.url()).pathname.split('/').at(-1)
    const before: Answer = await draft()
    const edges = [...before.edges, { id: 'out', source: 'pick', sourceHandle: 'paid', target: 'make' }]
    await server.api('PATCH', `/api/workflows/${id}`, { graph: { ...before, edges } })
    await page.reload()
    const again = page.getByRole('complementary', { name: 'Inspector' })
    await again.getByRole('textbox', { name: 'Port of case 2' }).fill('settled')
    const edgeOut = async () => (await draft()).edges.find((edge: Answer) => edge.id === 'out')?.sourceHandle
    await eventually(edgeOut, (port) => port === 'settled')
    await again.getByRole('button', { name: 'Remove settled' }).click()
    await eventually(edgeOut, (port) => port === undefined)
    expect(await violationsOf(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test('a sender is found by typing, and a new secret is made beside it', async () => {
    const { page, inspector, group, saved, complaints } = await open('hook')
    await group('Verification').getByRole('button', { name: 'Sender: GitHub' }).click()
    await page.keyboard.type('stri')
    await page.keyboard.press('Enter')
    await group('Verification').getByRole('button', { name: 'New secret' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a secret' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('1 wrong')
    await dialog.getByText('A name starts with a letter', { exact: false }).waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('STRIPE')
    await dialog.getByRole('textbox', { name: 'Value' }).fill('whsec_test')
    await dialog.getByRole('button', { name: 'Add' }).press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await saved({ verification: { scheme: 'stripe', secret: { $secret: 'STRIPE' } } })
    const { items }: Answer = await server.api('GET', '/api/secrets')
    expect(items.map(({ name }: Answer) => name)).toContain('STRIPE')
    expect(await group('Verification').textContent()).toContain('in the header "stripe-signature"')

    await group('Verification').getByRole('button', { name: 'Sender: Stripe' }).click()
    await page.keyboard.type('any sig')
    await page.keyboard.press('Enter')
    await group('Verification').getByRole('textbox', { name: 'What is signed' }).fill('{timestamp}.{body}')
    await group('Verification').getByText('Say where the timestamp is', { exact: false }).first().waitFor()
    await group('Verification').getByRole('textbox', { name: 'Where the timestamp is' }).fill('header:X-Time')
    await group('Verification').getByRole('textbox', { name: 'A request may be this old' }).fill('10 min')
    await group('Allowed addresses').getByRole('textbox').fill('192.0.2.0/24\nnowhere')
    await group('Allowed addresses').getByText('“nowhere” is no network', { exact: false }).waitFor()
    await group('Allowed addresses').getByRole('textbox').fill('192.0.2.0/24')
    await group('Methods').getByRole('checkbox', { name: 'GET' }).check()
    await group('Duplicates').getByRole('combobox').selectOption('header')
    await group('Duplicates').getByRole('textbox', { name: 'Header' }).fill('X-Id')
    await group('Answer').getByRole('textbox', { name: 'Status' }).fill('202')
    await group('Limits').getByRole('textbox', { name: 'Largest body' }).fill('2 MB')
    await group('Limits').getByRole('textbox', { name: 'Requests a second', exact: true }).fill('0')
    await group('Limits').getByText('at least 0.01', { exact: false }).waitFor()
    await group('Limits').getByRole('textbox', { name: 'Requests a second', exact: true }).fill('2.5')
    await group('Limits').getByRole('textbox', { name: 'Runs that wait' }).fill('500')
    await group('Path').getByRole('textbox').fill('/orders/:id')
    await group('Event type').getByRole('textbox', { name: 'Where its type is' }).fill('header:X-Kind')
    await group('A list in the body').getByRole('combobox').selectOption('each')
    await group('Pages that may call it').getByRole('textbox').fill('https://shop.example.com/')
    await group('Pages that may call it').getByText('is no origin', { exact: false }).waitFor()
    await group('Pages that may call it').getByRole('textbox').fill('https://shop.example.com')
    await group('Allowed addresses').getByText('The server sees you at').waitFor()
    await saved({
      verification: {
        scheme: 'hmac',
        secret: { $secret: 'STRIPE' },
        signed: '{timestamp}.{body}',
        timestamp: { from: 'header:X-Time', toleranceSeconds: 600 },
      },
      allowFrom: ['192.0.2.0/24'],
      methods: ['GET', 'POST', 'PUT', 'PATCH'],
      dedupe: { key: 'header:X-Id' },
      answer: { status: 202 },
      limits: { bodyBytes: 2_097_152, perSecond: 2.5, queued: 500 },
      path: '/orders/:id',
      naming: { type: 'header:X-Kind' },
      items: 'each',
      corsOrigins: ['https://shop.example.com'],
    })
    expect(await inspector.getByText('to mend').count()).toBe(0)
    expect(await violationsOf(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test('an example of the help is loaded, and taken back', async () => {
    const { page, inspector, saved, complaints } = await open('make')
    await inspector.getByRole('tab', { name: 'Help' }).click()
    await inspector.getByRole('button', { name: 'Use this: Order lines as a total' }).click()
    await saved({ expression: "{ 'order': id, 'total': $sum(lines.(price * quantity)) }" })
    await inspector.getByRole('button', { name: 'Undo' }).click()
    await saved({})
    expect(await violationsOf(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test('a script is written with completion, its letters are one step of undo', async () => {
    const { page, group, saved, complaints } = await open('run')
    await group('Code').getByRole('textbox').click()
    await page.keyboard.type('return message.push')
    await page.getByRole('listbox').getByText('pusher', { exact: true }).waitFor()
    // The editor takes an Enter within 75 ms of the list's coming as meant for the text.
    await page.waitForTimeout(100)
    await page.keyboard.press('Enter')
    await saved({ code: 'return message.pusher' })
    await page.keyboard.press('ControlOrMeta+z')
    await page.keyboard.press('ControlOrMeta+z')
    await saved({})
    await page.keyboard.press('ControlOrMeta+Shift+Z')
    await page.keyboard.press('ControlOrMeta+Shift+Z')
    await saved({ code: 'return message.pusher' })
    expect(complaints()).toEqual([])
  })

  test('the label is edited in place, and Escape takes it back', async () => {
    const { page, inspector, draft, complaints } = await open('wait')
    const label = inspector.getByRole('textbox', { name: 'Label' })
    const saved = async () => (await draft()).nodes.find(({ id }: Answer) => id === 'wait').data.label
    await label.fill('Ten minutes')
    await label.press('Enter')
    await eventually(saved, (text) => text === 'Ten minutes')
    await label.fill('Other')
    await label.press('Escape')
    expect(await label.inputValue()).toBe('Ten minutes')
    await inspector.getByRole('textbox', { name: 'For (seconds)' }).fill('1 h 30 min')
    await inspector.getByText('5400 s').waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test('every expression shows what it comes to on the sample', async () => {
    const { id, hook }: Answer = await server.api('POST', '/api/workflows', {
      name: 'On the sample',
      graph: {
        nodes: [
          { id: 'hook', type: 'webhook', position: at(0), data: { config: {} } },
          { id: 'big', type: 'filter', position: at(240), data: { config: { condition: 'total > 100' } } },
          {
            id: 'say',
            type: 'http',
            position: at(480),
            data: { config: { url: 'https://example.com/{{ order }}' } },
          },
        ],
        edges: [
          { id: 'e1', source: 'hook', target: 'big' },
          { id: 'e2', source: 'big', target: 'say' },
        ],
      },
    })
    await fetch(hook.url.replace('/hooks/', '/hooks-test/').replace('localhost', '127.0.0.1'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"order":"A-17","total":120}',
    })
    const page = await browser.open(`/workflows/${id}?node=big`)
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText('Match on the sample').waitFor()
    await inspector.getByRole('textbox', { name: 'Condition' }).fill('total > 1000')
    await inspector.getByText('Otherwise on the sample').waitFor()
    await inspector.getByRole('textbox', { name: 'Condition' }).fill('total > 10')
    await inspector.getByText('Match on the sample').waitFor()
    await page.goto(`${server.url}/workflows/${id}?node=say`)
    await inspector.getByText('"https://example.com/A-17"').waitFor()
    expect(page.complaints).toEqual([])
  })
})
