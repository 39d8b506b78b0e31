import { expect } from 'vitest'
import { Conflict, NotFound } from '../../../server/storage/storage.ts'
import {
  accepted,
  aRejection,
  aStep,
  aWorkflow,
  certain,
  claimed,
  noon,
  pages,
  room,
  stored,
  workflowId,
} from './world.ts'
import type { Promises } from './world.ts'

const version = (graph: string) => ({ graph, note: 'a note', createdAt: noon })

export const workflows = {
  async 'a workflow comes back equal, by its id, its key and its token'({ workflows }) {
    const workflow = aWorkflow({ name: 'Ünïcode 🪝 "$set" a.b', draft: '{"$a.b":[-0,1e400,"\u2028"]}' })
    await workflows.create(workflow)
    expect(await workflows.get(workflow.id)).toEqual(workflow)
    expect(await workflows.byKey(workflow.key)).toEqual(workflow)
    expect(await workflows.byToken(workflow.token)).toEqual(workflow)
    expect(await workflows.byToken('another')).toBeUndefined()
  },

  async 'a key names one workflow: the second that wants it gets Conflict'(storage) {
    const first = await stored(storage)
    await expect(storage.workflows.create(aWorkflow({ key: first.key }))).rejects.toThrow(Conflict)
    const second = await stored(storage)
    await expect(storage.workflows.update(second.id, 1, { key: first.key })).rejects.toThrow(Conflict)
    expect(await storage.workflows.get(second.id)).toEqual(second)
  },

  async 'two writers of one workflow: the second gets Conflict'(storage) {
    const { id } = await stored(storage)
    const writers = await Promise.allSettled([
      storage.workflows.update(id, 1, { name: 'the first' }),
      storage.workflows.update(id, 1, { name: 'the second' }),
    ])
    expect(writers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(await storage.workflows.get(id)).toMatchObject({ name: 'the first', revision: 2 })
    await expect(storage.workflows.update(id, 1, { name: 'the third' })).rejects.toThrow(Conflict)
  },

  async 'an update changes what it names, and nothing else'(storage) {
    const workflow = await stored(storage)
    const changed = await storage.workflows.update(workflow.id, 1, { enabled: false, token: 'new' })
    expect(changed).toEqual({ ...workflow, enabled: false, token: 'new', revision: 2 })
    expect(await storage.workflows.byToken('new')).toEqual(changed)
    expect(await storage.workflows.byToken(workflow.token)).toBeUndefined()
  },

  async 'a workflow that is not there cannot be changed, published or deleted: NotFound'({ workflows }) {
    await expect(workflows.update(workflowId(), 1, { name: 'x' })).rejects.toThrow(NotFound)
    await expect(workflows.publish(workflowId(), version('{}'))).rejects.toThrow(NotFound)
    await expect(workflows.delete(workflowId())).rejects.toThrow(NotFound)
  },

  async 'publishing numbers versions from 1, makes the newest run, and leaves the revision alone'(storage) {
    const { id } = await stored(storage)
    expect(await storage.workflows.publish(id, version('{"a":1}'))).toMatchObject({ number: 1 })
    expect(await storage.workflows.publish(id, version('{"a":2}'))).toMatchObject({ number: 2 })
    expect(await storage.workflows.get(id)).toMatchObject({ version: 2, revision: 1 })
  },

  async 'two that publish at once make two versions'(storage) {
    const { id } = await stored(storage)
    const both = await Promise.all([
      storage.workflows.publish(id, version('a')),
      storage.workflows.publish(id, version('b')),
    ])
    expect(new Set(both.map(({ number }) => number))).toEqual(new Set([1, 2]))
  },

  async 'a published version never changes'(storage, { reopen }) {
    const { id } = await stored(storage)
    const first = await storage.workflows.publish(id, version('{"a":1}'))
    await storage.workflows.update(id, 1, { draft: '{"a":2}' })
    await storage.workflows.publish(id, version('{"a":2}'))
    const again = await reopen()
    expect(await again.workflows.version(id, 1)).toEqual(first)
    expect(await again.workflows.version(id, 3)).toBeUndefined()
  },

  async 'versions are listed newest first, page by page'(storage) {
    const { id } = await stored(storage)
    for (let n = 1; n <= 12; n++) await storage.workflows.publish(id, version(`${n}`))
    const listed = await pages((page) => storage.workflows.versions(id, page), 5)
    expect(listed.map(({ number }) => number)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  },

  async 'workflows are listed newest first, and a page neither repeats nor skips when rows arrive'(storage) {
    const made = []
    for (let n = 0; n < 7; n++) made.unshift((await stored(storage)).id)
    const listed = await pages(
      (page) => storage.workflows.list(page),
      3,
      () => stored(storage),
    )
    expect(listed.map(({ id }) => id)).toEqual(made)
  },

  async 'a deleted workflow takes its versions, events, runs and rejections along, and no others'(storage) {
    const [gone, kept] = [await stored(storage), await stored(storage)]
    const left = []
    for (const workflow of [gone, kept]) {
      await storage.workflows.publish(workflow.id, version('{}'))
      const run = await claimed(storage, workflow)
      await storage.runs.record(run.id, run.fence, { steps: [aStep()] })
      for (let n = 0; n < 120; n++) void accepted(storage, workflow)
      const rejection = aRejection(workflow)
      await storage.rejections.add(rejection, Buffer.from('{}'), room(10))
      left.push({ run, rejection })
    }
    await storage.workflows.delete(gone.id)
    const [of, other] = [certain(left[0]), certain(left[1])]
    const lost = [
      await storage.workflows.get(gone.id),
      await storage.workflows.byToken(gone.token),
      await storage.workflows.version(gone.id, 1),
      await storage.events.get(of.run.eventId),
      await storage.events.body(of.run.eventId),
      await storage.runs.get(of.run.id),
      await storage.rejections.get(of.rejection.id),
      await storage.rejections.body(of.rejection.id),
    ]
    expect(lost).toEqual(lost.map(() => undefined))
    expect(await storage.runs.steps(of.run.id)).toEqual([])
    expect((await storage.events.list({}, { limit: 500 })).items).toHaveLength(121)
    expect((await storage.runs.unfinished({ limit: 500 })).map(({ workflowId }) => workflowId)).toEqual(
      Array.from({ length: 121 }, () => kept.id),
    )
    expect(await storage.runs.steps(other.run.id)).toHaveLength(1)
    expect(await storage.rejections.get(other.rejection.id)).toEqual(other.rejection)
    expect(await storage.balance()).toMatchObject({ accepted: 121, pending: 121, rejected: 1 })
  },

  async 'nothing is accepted for a workflow that is gone: NotFound'(storage) {
    const workflow = await stored(storage)
    await storage.workflows.delete(workflow.id)
    await expect(accepted(storage, workflow)).rejects.toThrow(NotFound)
    await expect(storage.rejections.add(aRejection(workflow), Buffer.from(''), room(5))).rejects.toThrow(
      NotFound,
    )
    expect(await storage.balance()).toMatchObject({ accepted: 0, pending: 0 })
  },

  async 'nothing of one workflow is seen from another'(storage) {
    const [a, b] = [await stored(storage), await stored(storage)]
    await storage.workflows.publish(a.id, version('{}'))
    await accepted(storage, a, { event: { dedupeKey: 'same', type: 'push' } })
    await storage.rejections.add(aRejection(a), Buffer.from('{}'), room(10))
    const page = { limit: 10 }
    expect((await storage.events.list({ workflowId: b.id }, page)).items).toEqual([])
    expect((await storage.events.list({ workflowId: b.id, type: 'push' }, page)).items).toEqual([])
    expect((await storage.runs.list({ workflowId: b.id }, page)).items).toEqual([])
    expect((await storage.runs.list({ workflowId: b.id, state: 'accepted' }, page)).items).toEqual([])
    expect((await storage.rejections.list({ workflowId: b.id }, page)).items).toEqual([])
    expect((await storage.workflows.versions(b.id, page)).items).toEqual([])
    expect(await storage.runs.releaseHeld(b.id, 10)).toEqual([])
    const other = await accepted(storage, b, { event: { dedupeKey: 'same' } })
    expect(await storage.events.get(other.event.id)).toBeDefined()
  },
} satisfies Promises
