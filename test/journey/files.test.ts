import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningServer, apiToken, removeDataDir, startServer } from '../support/server.ts'

let server: RunningServer
let folder: string

beforeAll(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), 'hookloom-files-'))
})
afterAll(async () => {
  await server.stop()
  await removeDataDir(server.dataDir)
  await rm(folder, { recursive: true })
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly error: string
}

const hookloom = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const environment = { ...process.env, HOOKLOOM_URL: server.url, HOOKLOOM_API_TOKEN: apiToken }
    execFile(
      process.execPath,
      ['server/cli/hookloom.ts', ...args],
      { env: environment },
      (error, out, complaint) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, error: complaint })
      },
    )
  })

const file = async (name: string, content: string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

const pings = `
name: Pings
graph:
  nodes:
    - { id: hook, type: webhook, data: { config: { verification: { scheme: github, secret: first-secret } } } }
    - { id: main, type: filter, data: { config: { condition: "ref = 'refs/heads/main'" } } }
  edges:
    - { id: e1, source: hook, target: main }
`

test('applies the templates, published and enabled, and a second time changes nothing', async () => {
  const first = await hookloom('apply', 'nodes/templates')
  expect(first).toMatchObject({ code: 0, error: '' })
  const lines = first.out.trim().split('\n')
  expect(lines).toHaveLength(
    (await readdir('nodes/templates')).filter((name) => name.endsWith('.json')).length,
  )
  for (const line of lines) expect(line).toMatch(/^created +[a-z0-9-]+ +http:\S+\/hooks\/\S+$/)
  const second = await hookloom('apply', 'nodes/templates')
  expect(second.out).toBe(first.out.replaceAll('created  ', 'unchanged'))
})

test('takes YAML, names the workflow by its file, and sees what changed', async () => {
  const path = await file('pings.yaml', pings)
  expect((await hookloom('apply', path)).out).toMatch(/^created +pings /)
  expect((await hookloom('apply', path)).out).toMatch(/^unchanged +pings /)
  await file('pings.yaml', pings.replace('heads/main', 'heads/trunk'))
  expect((await hookloom('apply', path)).out).toMatch(/^changed +pings /)
  const [{ id, version }] = (await server.api('GET', '/api/workflows?key=pings')).items
  expect(version).toBe(2)
  await file(
    'pings.yaml',
    pings.replace('first-secret', 'second-secret').replace('heads/main', 'heads/trunk'),
  )
  await hookloom('apply', path)
  expect((await server.api('GET', `/api/workflows/${id}/versions`)).items).toHaveLength(3)
})

test('exports what was applied, without secrets and tokens, in a form that applies again without a change', async () => {
  await hookloom('apply', await file('pings.yaml', pings))
  for (const format of ['yaml', 'json']) {
    const out = join(folder, `out-${format}`)
    const exported = await hookloom('export', 'pings', '--out', out, '--format', format)
    expect(exported.out.trim()).toBe(join(out, `pings.${format}`))
    const text = await readFile(exported.out.trim(), 'utf8')
    expect(text).not.toMatch(/first-secret|token/)
    expect(text).toContain('$secret')
    expect((await hookloom('apply', out)).out).toMatch(/^unchanged +pings /)
  }
})

test('says what is wrong with a file, and applies none of them', async () => {
  const good = await file('good.json', JSON.stringify({ name: 'Good', graph: { nodes: [], edges: [] } }))
  const bad = await file('bad.json', '{ "name": "Bad", "graph": ')
  const ran = await hookloom('apply', good, bad)
  expect(ran.code).toBe(1)
  expect(ran.error).toContain('bad.json cannot be read')
  expect((await server.api('GET', '/api/workflows?key=good')).items).toEqual([])
})

test('names each thing that keeps a graph from being published', async () => {
  const nodes = [
    { id: 'hook', type: 'webhook' },
    { id: 'send', type: 'http', data: { config: { urll: 'x' } } },
  ]
  const ran = await hookloom(
    'apply',
    await file('unfit.json', JSON.stringify({ name: 'Unfit', graph: { nodes, edges: [] } })),
  )
  expect(ran.code).toBe(1)
  expect(ran.error).toMatch(/send config\.urll: There is no setting "urll": did you mean "url"\?/)
  expect(ran.error).toMatch(/send config\.url: /)
})

test('says in one line that no server answers, or that the token is missing', async () => {
  const alone = await new Promise<string>((resolve) => {
    const environment = {
      PATH: process.env['PATH'],
      HOOKLOOM_URL: 'http://127.0.0.1:9',
      HOOKLOOM_API_TOKEN: apiToken,
    }
    execFile(
      process.execPath,
      ['server/cli/hookloom.ts', 'export'],
      { env: environment },
      (_error, _out, error) => resolve(error),
    )
  })
  expect(alone).toBe(
    'No server answers at http://127.0.0.1:9. Start one with "npm start", or set HOOKLOOM_URL.\n',
  )
})
