import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ChangeWorkflow, Workflow } from '../../nodes/contract/api.ts'
import { type Graph, graphSchema } from '../../nodes/contract/graph.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { configure, label } from '../../editor/state/commands.ts'
import { type DocumentStore, createDocument, graphOf } from '../../editor/state/document.ts'
import {
  type SaveResult,
  type Saver,
  type SaverOptions,
  keptDrafts,
  restore,
  startSaving,
} from '../../editor/state/save.ts'
import { node } from './graphs.ts'

const first: Graph = { nodes: [node('hook', 'webhook')], edges: [] }

const at = (revision: number, draft: Graph): Workflow => ({
  id: 'wf_1',
  key: 'test',
  name: 'Test',
  enabled: true,
  hook: { url: 'http://localhost/hooks/t', token: 't' },
  revision,
  version: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  draft,
  problems: [],
})

/** A server that answers when it is told to, and a browser's storage. */
interface World {
  readonly document: DocumentStore
  readonly saver: Saver
  /** What was asked and not answered yet. */
  readonly asked: ChangeWorkflow[]
  readonly storage: SaverOptions['storage']
  readonly answer: (result: SaveResult) => Promise<void>
  /** Takes what was asked, as the server would. */
  readonly accept: () => Promise<void>
  readonly edit: (text: string) => void
  readonly state: () => string
}

const memory = () => {
  const items = new Map<string, string>()
  return {
    key: (index: number) => [...items.keys()][index] ?? null,
    get length() {
      return items.size
    },
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  }
}

let pages = 0

function world(workflow = at(1, first), storage: SaverOptions['storage'] = memory()): World {
  const asked: ChangeWorkflow[] = []
  const answers: ((result: SaveResult) => void)[] = []
  let revision = workflow.revision
  const document = createDocument(workflow, () => 0)
  pages += 1
  const saver = startSaving(document, {
    storage,
    page: String(pages),
    save: (_id, change) =>
      new Promise((resolve) => {
        asked.push(change)
        answers.push(resolve)
      }),
  })
  const answer = async (result: SaveResult) => {
    asked.shift()
    answers.shift()?.(result)
    await vi.advanceTimersByTimeAsync(0)
  }
  return {
    document,
    saver,
    asked,
    storage,
    answer,
    async accept() {
      revision += 1
      await answer({ kind: 'saved', workflow: at(revision, read(asked[0]?.graph) ?? first) })
    },
    edit: (text) => document.getState().change((graph) => label(graph, 'hook', text)),
    state: () => document.getState().saving.state,
  }
}

const keptDraft = (storage: SaverOptions['storage'], id: string) => keptDrafts(storage, id)[0]
const read = (graph: unknown) => graphSchema.safeParse(graph).data
const labelOf = (graph: unknown) => read(graph)?.nodes[0]?.data.label
const pause = () => vi.advanceTimersByTimeAsync(1_000)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a word that is typed is one save, based on the revision that it changes', async () => {
  const { edit, asked, accept, state, document, storage } = world()
  for (const text of ['P', 'Pu', 'Push']) edit(text)
  expect([state(), asked.length]).toEqual(['unsaved', 0])
  await pause()
  expect([state(), asked.length, asked[0]?.revision, labelOf(asked[0]?.graph)]).toEqual([
    'saving',
    1,
    1,
    'Push',
  ])
  await accept()
  expect([state(), document.getState().head.revision]).toEqual(['saved', 2])
  expect(keptDraft(storage, 'wf_1')).toBeUndefined()
})

test('a node that was moved to -0 comes back at 0, which is the same graph', async () => {
  const { document, saver, asked, answer } = world()
  const moved = { ...first, nodes: first.nodes.map((each) => ({ ...each, position: { x: -0, y: 8 } })) }
  document.getState().change(() => moved)
  void saver.flush()
  await vi.waitFor(() => expect(asked).toHaveLength(1))
  await answer({ kind: 'saved', workflow: at(2, graphSchema.parse(JSON.parse(JSON.stringify(moved)))) })
  expect(graphOf(document.getState())).toBe(moved)
})

test('what is edited during a save is saved next, on the revision that the save made', async () => {
  const { edit, asked, accept, state, storage } = world()
  edit('Push')
  await pause()
  edit('Push to Slack')
  await pause()
  expect(asked.length).toBe(1)
  await accept()
  expect(state()).toBe('unsaved')
  expect(keptDraft(storage, 'wf_1')).toMatchObject({ revision: 2 })
  await pause()
  expect([asked[0]?.revision, labelOf(asked[0]?.graph)]).toEqual([2, 'Push to Slack'])
  await accept()
  expect(state()).toBe('saved')
})

test('what is undone during a save is saved too', async () => {
  const { edit, asked, accept, document, state } = world()
  edit('Push')
  await pause()
  document.getState().undo()
  await accept()
  await pause()
  expect(labelOf(asked[0]?.graph)).toBeUndefined()
  await accept()
  expect(state()).toBe('saved')
})

test('what is undone before it was saved is not saved', async () => {
  const { edit, asked, document, state, storage } = world()
  edit('Push')
  document.getState().undo()
  await pause()
  expect([state(), asked.length, keptDraft(storage, 'wf_1')]).toEqual(['saved', 0, undefined])
})

test('offline the edits wait, in the storage too, and are saved when the server is back', async () => {
  const { edit, asked, answer, accept, state, storage } = world()
  edit('Push')
  await pause()
  await answer({ kind: 'unreachable' })
  edit('Push to Slack')
  expect(state()).toBe('offline')
  expect(labelOf(keptDraft(storage, 'wf_1')?.graph)).toBe('Push to Slack')
  await pause()
  await answer({ kind: 'unreachable' })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(labelOf(asked[0]?.graph)).toBe('Push to Slack')
  await accept()
  expect([state(), keptDraft(storage, 'wf_1')]).toEqual(['saved', undefined])
})

test('somebody else’s edit is not overwritten: the person chooses mine', async () => {
  const { edit, asked, answer, accept, state, saver } = world()
  const theirs = at(5, { nodes: [node('hook', 'webhook'), node('a', 'filter')], edges: [] })
  edit('Mine')
  await pause()
  await answer({ kind: 'conflict', theirs })
  edit('Mine, longer')
  await pause()
  expect([state(), asked.length]).toEqual(['conflict', 0])
  void saver.keepMine()
  await vi.advanceTimersByTimeAsync(0)
  expect([asked[0]?.revision, labelOf(asked[0]?.graph)]).toEqual([undefined, 'Mine, longer'])
  await accept()
  expect(state()).toBe('saved')
})

test('… or theirs, which can be undone', async () => {
  const { edit, asked, answer, state, document, storage } = world()
  const theirs = at(5, { nodes: [node('hook', 'webhook'), node('a', 'filter')], edges: [] })
  edit('Mine')
  await pause()
  await answer({ kind: 'conflict', theirs })
  document.getState().take(theirs)
  await pause()
  expect([state(), asked.length, graphOf(document.getState())]).toEqual(['saved', 0, theirs.draft])
  expect(keptDraft(storage, 'wf_1')).toBeUndefined()
  document.getState().undo()
  await pause()
  expect([asked[0]?.revision, labelOf(asked[0]?.graph)]).toEqual([5, 'Mine'])
})

test('a refused draft says why and is tried again after the next edit', async () => {
  const { edit, asked, answer, accept, state, document } = world()
  edit('Push')
  await pause()
  await answer({ kind: 'refused', message: 'Too long.' })
  expect(document.getState().saving).toEqual({ state: 'refused', message: 'Too long.' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.length).toBe(0)
  edit('P')
  await pause()
  await accept()
  expect(state()).toBe('saved')
})

test('a save that throws is a refusal, and saving goes on', async () => {
  const document = createDocument(at(1, first), () => 0)
  const saver = startSaving(document, {
    storage: memory(),
    page: 'only',
    save: () => Promise.reject(new Error('Nobody planned this.')),
  })
  document.getState().change((graph) => label(graph, 'hook', 'Push'))
  await saver.flush()
  expect(document.getState().saving).toEqual({ state: 'refused', message: 'Nobody planned this.' })
})

test('a flush saves at once, and a page that is left still hears that it was saved', async () => {
  const { edit, asked, accept, saver, storage } = world()
  edit('Push')
  void saver.flush()
  saver.stop()
  await vi.advanceTimersByTimeAsync(0)
  expect(asked.length).toBe(1)
  await accept()
  expect(keptDraft(storage, 'wf_1')).toBeUndefined()
})

test('edits of a lost page come back when nobody has saved since, as a step that can be undone', async () => {
  const lost = world()
  lost.edit('Push')
  lost.saver.stop()
  const { document, storage, asked } = world(at(1, first), lost.storage)
  expect(restore(document, at(1, first), storage)).toBe('restored')
  expect(labelOf(graphOf(document.getState()))).toBe('Push')
  await pause()
  expect(asked.length).toBe(1)
  document.getState().undo()
  expect(graphOf(document.getState())).toBe(first)
})

test('edits of a lost page are a conflict when somebody has saved since, also after another reload', () => {
  const lost = world()
  lost.edit('Push')
  lost.saver.stop()
  const newer = at(3, { nodes: [], edges: [] })
  for (let reload = 0; reload < 2; reload += 1) {
    const { document, storage, saver } = world(newer, lost.storage)
    expect(restore(document, newer, storage)).toBe('conflict')
    expect(document.getState().saving).toEqual({ state: 'conflict', theirs: newer })
    expect(labelOf(graphOf(document.getState()))).toBe('Push')
    expect(keptDraft(storage, 'wf_1')?.revision).toBe(1)
    saver.stop()
  }
})

test('a lost page whose last save did arrive leaves nothing behind', () => {
  const lost = world()
  lost.edit('Push')
  lost.saver.stop()
  const arrived = at(2, {
    edges: [],
    nodes: [{ ...node('hook', 'webhook'), data: { config: {}, label: 'Push' } }],
  })
  const { document, storage } = world(arrived, lost.storage)
  expect(restore(document, arrived, storage)).toBe('nothing')
  expect([document.getState().saving.state, keptDraft(storage, 'wf_1')]).toEqual(['saved', undefined])
})

test('a page that is lost before it hears that its save arrived leaves what was edited since, and no conflict', async () => {
  const lost = world()
  lost.edit('Push')
  await pause()
  const arrived = at(2, structuredClone(graphOf(lost.document.getState())))
  lost.edit('Push to Slack')
  lost.saver.stop()
  const { document, storage, asked } = world(arrived, lost.storage)
  expect(restore(document, arrived, storage)).toBe('restored')
  expect([document.getState().saving.state, labelOf(graphOf(document.getState()))]).toEqual([
    'unsaved',
    'Push to Slack',
  ])
  await pause()
  expect(asked[0]?.revision).toBe(2)
})

test('a save whose answer is lost is no edit of somebody else, whatever is edited or undone meanwhile', async () => {
  for (const meanwhile of ['edited', 'undone'] as const) {
    const { document, edit, asked, answer, accept, state } = world()
    edit('Push')
    await pause()
    const arrived = at(2, structuredClone(graphOf(document.getState())))
    await answer({ kind: 'unreachable' })
    if (meanwhile === 'edited') edit('Push to Slack')
    else document.getState().undo()
    await vi.advanceTimersByTimeAsync(3_000)
    await answer({ kind: 'conflict', theirs: arrived })
    expect(state()).toBe('unsaved')
    await pause()
    expect([asked[0]?.revision, labelOf(asked[0]?.graph)]).toEqual([
      2,
      meanwhile === 'edited' ? 'Push to Slack' : undefined,
    ])
    await accept()
    expect(state()).toBe('saved')
  }
})

test('what cannot be read in the storage is no draft', () => {
  for (const text of ['', '{', 'null', '7', '{"revision":1}', '{"revision":1,"graph":{"nodes":7}}']) {
    const storage = memory()
    storage.setItem('hookloom.draft.wf_1.lost', text)
    expect(keptDraft(storage, 'wf_1')).toBeUndefined()
    expect(storage.length).toBe(0)
  }
})

test('two pages of one workflow keep their edits apart: that one is saved takes nothing from the other', async () => {
  const a = world()
  const b = world(at(1, first), a.storage)
  a.edit('Of a, offline')
  await pause()
  await a.answer({ kind: 'unreachable' })
  b.edit('Of b')
  expect(keptDrafts(a.storage, 'wf_1').map(({ graph }) => labelOf(graph))).toEqual(['Of a, offline', 'Of b'])
  await pause()
  await b.accept()
  a.saver.stop()
  expect(keptDrafts(a.storage, 'wf_1').map(({ graph }) => labelOf(graph))).toEqual(['Of a, offline'])

  // Page a is lost; the next one asks the person, since page b has saved meanwhile.
  const served = at(2, graphOf(b.document.getState()))
  const next = world(served, a.storage)
  expect(restore(next.document, served, next.storage)).toBe('conflict')
  expect(labelOf(graphOf(next.document.getState()))).toBe('Of a, offline')
  expect(keptDrafts(a.storage, 'wf_1').length).toBe(1)
})

test('edits that two lost pages left come back one after the other', () => {
  const a = world()
  const b = world(at(1, first), a.storage)
  a.edit('Of a')
  b.edit('Of b')
  a.saver.stop()
  b.saver.stop()
  const seen = [0, 1].map(() => {
    const next = world(at(1, first), a.storage)
    restore(next.document, at(1, first), next.storage)
    const label = labelOf(graphOf(next.document.getState()))
    // Taken back, it is kept no longer.
    next.document.getState().undo()
    next.saver.stop()
    return label
  })
  expect(new Set(seen)).toEqual(new Set(['Of a', 'Of b']))
  expect(a.storage.length).toBe(0)
})

test('two pages with the same edits are no conflict', async () => {
  const { edit, answer, state, document, storage } = world()
  edit('The same')
  await pause()
  await answer({ kind: 'conflict', theirs: at(2, structuredClone(graphOf(document.getState()))) })
  expect([state(), document.getState().head.revision, storage.length]).toEqual(['saved', 2, 0])
})

test('a full storage does not keep an edit from being saved', async () => {
  const storage = {
    ...memory(),
    setItem: () => {
      throw new Error('QuotaExceededError')
    },
  }
  const { edit, accept, state } = world(at(1, first), storage)
  edit('Push')
  await pause()
  await accept()
  expect(state()).toBe('saved')
})

test('what is saved elsewhere comes in while there is no edit here, as a step that can be undone', () => {
  const { document, edit } = world()
  const theirs = at(2, { nodes: [], edges: [] })
  document.getState().follow(theirs)
  expect(graphOf(document.getState())).toBe(theirs.draft)
  document.getState().undo()
  expect(graphOf(document.getState())).toBe(first)
  edit('Mine')
  document.getState().follow(at(3, { nodes: [node('hook', 'webhook', { methods: [] })], edges: [] }))
  expect(labelOf(graphOf(document.getState()))).toBe('Mine')
})

test('a changed name comes in without a step', () => {
  const { document } = world()
  document.getState().follow({ ...at(2, structuredClone(first)), name: 'Other' })
  expect(document.getState().head).toMatchObject({ name: 'Other', revision: 2 })
  expect(document.getState().history.past).toEqual([])
})

test('a secret that was typed is a reference once it is saved', async () => {
  const { document, asked, answer, state } = world()
  const secretNow = () => graphOf(document.getState()).nodes[0]?.data.config['verification']
  const withSecret = (graph: Graph, secret: Json) =>
    configure(graph, 'hook', 'verification', { scheme: 'github', secret })
  document.getState().change((graph) => withSecret(graph, 'typed by hand'))
  await pause()
  const sent = read(asked[0]?.graph) ?? first
  await answer({ kind: 'saved', workflow: at(2, withSecret(sent, { $secret: 'GITHUB' })) })
  expect([state(), asked.length, secretNow()]).toEqual([
    'saved',
    0,
    { scheme: 'github', secret: { $secret: 'GITHUB' } },
  ])

  // What is saved next says the reference, not the text.
  document.getState().change((graph) => label(graph, 'hook', 'GitHub'))
  await pause()
  expect(JSON.stringify(asked[0]?.graph)).not.toContain('typed by hand')
})
