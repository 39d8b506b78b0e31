/**
 * The signature doctor in a browser, on a real server: a wrong secret is pasted, a real signed event is refused, the sentence is
 * read, the cause is mended, and the refused request is accepted by hand.
 */
import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { Stripe } from 'stripe'
import { expect, test } from 'vitest'
import { hasBrowser } from '../support/browser.ts'
import { editorWorld, journeyMs, openTarget } from '../support/editor-world.ts'
import { type Answer, type RunningServer, eventually } from '../support/server.ts'
import { violationsOf } from '../support/violations.ts'

const graphFor = (verification: unknown, target: string) => ({
  nodes: [
    { id: 'hook', type: 'webhook', position: { x: 0, y: 0 }, data: { config: { verification } } },
    { id: 'send', type: 'http', position: { x: 240, y: 0 }, data: { config: { url: target } } },
  ],
  edges: [{ id: 'e1', source: 'hook', target: 'send' }],
})

/** As Stripe's own library signs it. */
async function fromStripe(server: RunningServer, made: Answer, secret: string, id: string): Promise<number> {
  const payload = JSON.stringify({ id, object: 'event', type: 'charge.succeeded', livemode: false })
  const { webhooks } = new Stripe('sk_test_1')
  const response = await fetch(`${server.url}/hooks/${made.hook.token}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'stripe-signature': webhooks.generateTestHeaderString({ payload, secret }),
    },
    body: payload,
  })
  return response.status
}

const inspectorOf = (page: Page) => page.getByRole('complementary', { name: 'Inspector' })

test.skipIf(!hasBrowser)(
  'a wrong secret is pasted, the doctor says so, the right one is pasted, and the refused event runs',
  async () => {
    const { server, browser } = await editorWorld()
    const target = await openTarget()
    const graph = graphFor({ scheme: 'stripe' }, `${target.url}/paid`)
    const made: Answer = await server.api('POST', '/api/workflows', { name: 'Payments', graph })
    const page = await browser.open(`/workflows/${made.id}?node=hook`)
    const inspector = inspectorOf(page)

    await inspector.getByLabel('The secret of Stripe').fill('whsec_of_the_wrong_endpoint')
    await inspector.getByRole('button', { name: 'Store', exact: true }).click()
    await inspector.getByText('Stored as').waitFor()
    await page.getByRole('button', { name: /^Publish/ }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Publish/ })
      .click()
    await eventually(
      () => server.api('GET', `/api/workflows/${made.id}`),
      ({ version }) => version === 1,
    )

    expect(await fromStripe(server, made, 'whsec_of_the_right_endpoint', 'evt_1')).toBe(401)
    const doctor = inspector.getByRole('status', { name: 'What the doctor says' })
    await doctor
      .getByText(/No secret that is stored here made this signature.*copy the secret again from Stripe/)
      .waitFor()
    await doctor.getByText('The event is of the test mode').waitFor()
    expect(await violationsOf(page)).toEqual([])

    await inspector.getByRole('button', { name: 'Change' }).click()
    await inspector.getByLabel('The secret of Stripe').fill('whsec_of_the_right_endpoint')
    await inspector.getByRole('button', { name: 'Store', exact: true }).click()
    // A new name: what is published still verifies with the old one.
    await doctor.getByText('The draft lets this request in').waitFor()
    await doctor.getByRole('button', { name: 'Publish' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Publish/ })
      .click()
    await doctor.getByText('The cause is mended').waitFor()
    await inspector.getByRole('button', { name: 'Accept by hand' }).click()
    await inspector.getByText('Accepted by hand.').waitFor()
    expect((await target.received(1))[0]?.text).toContain('evt_1')

    // The sender tries again: the same delivery, answered and not run.
    expect(await fromStripe(server, made, 'whsec_of_the_right_endpoint', 'evt_1')).toBe(200)
    await inspector.getByRole('link', { name: 'Open the event' }).click()
    await page.getByRole('heading', { name: 'charge.succeeded', level: 1 }).waitFor()
    const facts = page.getByRole('definition')
    await facts.getByText('By hand').waitFor()
    await facts.getByText('Yes').waitFor()
    expect(target.requests).toHaveLength(1)
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'the stored secret that signed it is chosen by a button, on the page of the rejected requests',
  async () => {
    const { server, browser } = await editorWorld()
    await server.call('PUT', '/api/secrets/STRIPE_LIVE', { value: 'whsec_live_1' })
    await server.call('PUT', '/api/secrets/STRIPE_TEST', { value: 'whsec_test_1' })
    const target = await openTarget()
    const graph = graphFor({ scheme: 'stripe', secret: { $secret: 'STRIPE_LIVE' } }, `${target.url}/paid`)
    const made: Answer = await server.api('POST', '/api/workflows', {
      name: 'Payments',
      graph,
      publish: true,
    })
    expect(await fromStripe(server, made, 'whsec_test_1', 'evt_2')).toBe(401)
    const page = await browser.open('/rejected')
    await page.getByRole('button', { name: 'The signature did not match' }).click()
    const doctor = page.getByRole('status', { name: 'What the doctor says' })
    await doctor.getByText(/^The signature matches with the secret “STRIPE_TEST”/).waitFor()
    expect(await doctor.getByRole('listitem').allInnerTexts()).toContain(
      'The body is the one that was signed.',
    )
    expect(await violationsOf(page)).toEqual([])
    await doctor.getByRole('button', { name: 'Use “STRIPE_TEST”' }).click()
    await doctor.getByText('The draft lets this request in').waitFor()
    const { draft }: Answer = await server.api('GET', `/api/workflows/${made.id}`)
    expect(draft.nodes[0].data.config.verification).toEqual({
      scheme: 'stripe',
      secret: { $secret: 'STRIPE_TEST' },
    })

    await server.api('POST', `/api/workflows/${made.id}/publish`)
    await doctor.getByText('The cause is mended').waitFor()
    await page.getByRole('button', { name: 'Accept by hand' }).click()
    await page.getByText('Accepted by hand.').waitFor()
    expect(await target.received(1)).toHaveLength(1)
    await page.getByRole('combobox', { name: 'Accepted' }).selectOption('Not accepted')
    await page.getByRole('heading', { name: 'No rejection fits' }).waitFor()
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)

test.skipIf(!hasBrowser)(
  'a signature of one’s own is set up from a pasted request and its secret',
  async () => {
    const { server, browser } = await editorWorld()
    const target = await openTarget()
    const graph = graphFor({ scheme: 'hmac' }, `${target.url}/order`)
    const made: Answer = await server.api('POST', '/api/workflows', { name: 'Orders', graph })
    const page = await browser.open(`/workflows/${made.id}?node=hook`)
    const inspector = inspectorOf(page)
    const group = inspector.getByRole('group', { name: 'Verification', exact: true })
    await group.getByText('Check with a request').click()
    const body = '{"order":17}'
    const mac = createHmac('sha256', 'shared-with-acme').update(`1700000000.${body}`).digest('base64')
    const request = group.getByRole('textbox', { name: 'A request of the sender’s' })
    await request.fill(body)
    await group.getByText('No header was found.').waitFor()
    await request.fill(
      `X-Acme-Time: 1700000000\nX-Acme-Signature: v1=${mac}\nContent-Type: application/json\n\n${body}`,
    )
    await group.getByRole('textbox', { name: 'Its secret' }).fill('shared-with-acme')
    const doctor = group.getByRole('status', { name: 'What the doctor says' })
    await doctor
      .getByText(/The signature matches in the header "x-acme-signature".*change the settings/)
      .waitFor()
    expect(await violationsOf(page)).toEqual([])
    await doctor.getByRole('button', { name: 'Change the settings so' }).click()
    await doctor.getByText('As the settings stand, this request is let in.').waitFor()
    expect(await group.getByRole('textbox', { name: 'Header', exact: true }).inputValue()).toBe(
      'x-acme-signature',
    )
    expect(await group.getByRole('textbox', { name: 'Prefix' }).inputValue()).toBe('v1=')
    const { draft }: Answer = await eventually(
      () => server.api('GET', `/api/workflows/${made.id}`),
      ({ draft }: Answer) => draft.nodes[0].data.config.verification.encoding === 'base64',
    )
    expect(draft.nodes[0].data.config.verification).toMatchObject({
      scheme: 'hmac',
      signed: '{timestamp}.{body}',
      timestamp: { from: 'header:x-acme-time', unit: 'seconds' },
    })
    expect(JSON.stringify(draft)).not.toContain('shared-with-acme')
    expect(page.complaints).toEqual([])
  },
  journeyMs,
)
