/** Files in a multipart body: the message names them, their bytes stay with the event, and whoever wants them asks for them. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chain } from '../support/chain.ts'
import {
  type Answer,
  type RunningServer,
  apiToken,
  eventually,
  removeDataDir,
  startServer,
} from '../support/server.ts'
import { publish } from '../support/workflows.ts'

let server: RunningServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
/** Every byte there is, so that nothing passes that is text only. */
const photo = Uint8Array.from({ length: 300_000 }, (_, at) => at % 256)
const note = Buffer.from('<script>alert(1)</script>')

function order(): FormData {
  const form = new FormData()
  form.set('order', '17')
  form.append('photos', new File([photo], '../../ü photo.png', { type: 'image/png' }))
  form.append('photos', new File([note], 'note.html', { type: 'text/html' }))
  return form
}

async function send(path: string, body: FormData | string): Promise<string> {
  const response = await fetch(server.url + path, { method: 'POST', body })
  const { id }: Answer = await response.json()
  return id
}

async function runOf(eventId: string, at = 0): Promise<Answer> {
  const { items } = await eventually(
    () => server.api('GET', `/api/runs?eventId=${eventId}&state=succeeded`),
    ({ items }) => items.length > at,
  )
  return server.api('GET', `/api/runs/${items[0].id}`)
}

const download = (path: string) =>
  fetch(server.url + path, { headers: { authorization: `Bearer ${apiToken}` } })

const named = [
  {
    filename: 'ü photo.png',
    contentType: 'image/png',
    bytes: photo.length,
    sha256: sha256(photo),
    file: 0,
  },
  { filename: 'note.html', contentType: 'text/html', bytes: note.length, sha256: sha256(note), file: 1 },
]

test('the message names each file, and no step carries its bytes along', async () => {
  const { path } = await publish(server, chain({}, ['transform', { expression: '$' }]), 'Named')
  const run = await runOf(await send(path, order()))
  expect(run.steps.at(-1).output).toEqual({ order: '17', photos: named })
  expect(JSON.stringify(run).length).toBeLessThan(5_000)
})

test('whoever asks for a file has its bytes: an expression, a script, and both again after a replay', async () => {
  const graph = chain(
    {},
    ['transform', { expression: "{ 'note': $base64decode($event.files[1].base64), 'of': photos[1].file }" }],
    [
      'script',
      {
        code: 'return { ...message, names: event.files.map(({ name }) => name), first: event.files[0].base64.length }',
      },
    ],
  )
  const { path } = await publish(server, graph, 'Asked for')
  const id = await send(path, order())
  const expected = {
    note: note.toString(),
    of: 1,
    names: ['photos', 'photos'],
    first: Math.ceil(photo.length / 3) * 4,
  }
  expect((await runOf(id)).steps.at(-1).output).toEqual(expected)
  // From the store this time, and not from what the door had in hand.
  await server.api('POST', `/api/events/${id}/replay`, {})
  expect((await runOf(id, 1)).steps.at(-1).output).toEqual(expected)
})

test('the API lists them and gives each back as a download that no browser renders', async () => {
  const { path } = await publish(server, chain({}), 'Listed')
  const id = await send(path, order())
  expect(await server.api('GET', `/api/events/${id}/files`)).toEqual({
    items: named.map((file) => ({ name: 'photos', ...file })),
    nextCursor: null,
  })
  const first = await download(`/api/events/${id}/files/0`)
  expect(sha256(new Uint8Array(await first.arrayBuffer()))).toBe(sha256(photo))
  const second = await download(`/api/events/${id}/files/1`)
  expect(await second.text()).toBe(note.toString())
  expect(Object.fromEntries(second.headers)).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename="file"',
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  })
})

test('what is no file is not there, and needs a sign-in to be asked for', async () => {
  const { path } = await publish(server, chain({}), 'None')
  const [id, plain] = [await send(path, order()), await send(path, '{"file":0}')]
  expect(await server.api('GET', `/api/events/${plain}/files`)).toMatchObject({ items: [] })
  for (const wrong of [
    `${id}/files/2`,
    `${id}/files/-1`,
    `${id}/files/00`,
    `${id}/files/__proto__`,
    `${plain}/files/0`,
    'evt_00000000000000000000000000/files/0',
    'x/files',
  ]) {
    expect((await download(`/api/events/${wrong}`)).status, wrong).toBe(404)
  }
  expect((await fetch(`${server.url}/api/events/${id}/files/0`)).status).toBe(401)
})
