/**
 * The embedded store: one SQLite file in the data dir, one process. The file belongs to a thread of its own
 * (`sqlite-thread.ts`), so that nobody else waits for the disk; here the port is put into calls to it. What every webhook
 * asks for goes as few flat values, since what crosses to a thread is copied.
 */
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import { entryOf, stepsOf } from './journal.ts'
import { eventHead } from './sqlite-accepts.ts'
import { Connection } from './sqlite-connection.ts'
import { changeValues, runValues } from './sqlite-run-row.ts'
import type { Progress, Storage } from './storage.ts'

export interface SqliteOptions {
  /** Files first what a rush left, so that lists show all there is (measured with 385,000 events: 10.6 s). */
  readonly filesAll?: boolean
}

/**
 * Opens the store in a file, which is made when it is not there. The caller holds the data dir's lock (`lock.ts`): all
 * workers in the file are taken for dead, so their runs can be claimed at once. Throws `StorageDamaged`, and `Unavailable` where
 * all is to be filed and cannot be.
 */
export async function openSqliteStorage(
  path: string,
  { filesAll = false }: SqliteOptions = {},
): Promise<Storage> {
  const thread = await Connection.open(path)
  if (filesAll)
    await thread.read('fileAll').catch((error: unknown) => thread.close().then(() => Promise.reject(error)))
  const purge = async (id: WorkflowId) => {
    while ((await thread.write('purgeSlice', id)) === 'more');
  }
  const finishPurges = async () => {
    for (const id of await thread.read('departed')) await purge(id)
  }
  // Nobody waits for what a deleted workflow left behind; what fails now is done at the next opening.
  const purging = Promise.allSettled([finishPurges()])

  return {
    workflows: {
      create: (workflow) => thread.write('createWorkflow', workflow),
      get: (id) => thread.read('workflow', id),
      byKey: (key) => thread.read('workflowByKey', key),
      byToken: (token) => thread.read('workflowByToken', token),
      list: (page) => thread.read('workflows', page),
      update: (id, revision, change) => thread.write('updateWorkflow', id, revision, change),
      delete: async (id) => {
        await thread.write('deleteWorkflow', id)
        await purge(id)
      },
      publish: (id, version) => thread.write('publish', id, version),
      version: (id, number) => thread.read('version', id, number),
      versions: (id, page) => thread.read('versions', id, page),
    },
    events: {
      accept: (event, run) => thread.accept(eventHead(event, run), event.body),
      keepAnswer: (id, answer) => thread.write('keepAnswer', id, answer),
      get: (id) => thread.read('event', id),
      body: (id) => thread.read('body', id),
      list: (filter, page) => thread.read('events', filter, page),
      forget: (old) => thread.write('forgetEvents', old),
    },
    rejections: {
      add: (rejection, body, keep) => thread.write('addRejection', rejection, body, keep),
      repeat: (id, workflowId, times) => thread.write('repeatRejection', id, workflowId, times),
      get: (id) => thread.read('rejection', id),
      body: (id) => thread.read('rejectionBody', id),
      list: (filter, page) => thread.read('rejections', filter, page),
      forget: (before, limit) => thread.write('forgetRejections', before, limit),
      markAccepted: (id, as) => thread.write('markAccepted', id, as),
    },
    runs: {
      create: (run) => thread.write('createRun', runValues(run), run.graph ?? null),
      get: (id) => thread.read('run', id),
      graph: (id) => thread.read('graph', id),
      steps: async (id) => stepsOf(await thread.read('entries', id)),
      list: (filter, page) => thread.read('runs', filter, page),
      claim: (id, worker, at) => thread.write('claim', id, worker, at),
      begin: (id, worker, at, progress) =>
        thread.write('begin', id, worker, at, entryIn(progress), changeValues(progress)),
      record: (id, fence, progress) =>
        thread.write('record', id, fence, entryIn(progress), changeValues(progress)),
      release: (id, fence) => thread.write('release', id, fence),
      cancel: (id, at) => thread.write('cancel', id, at),
      resume: (id) => thread.write('resume', id),
      releaseHeld: (workflowId, limit) => thread.write('releaseHeld', workflowId, limit),
      pending: (workflowId, atMost) => thread.read('pending', workflowId, atMost),
      unfinished: (page) => thread.read('unfinished', page),
    },
    secrets: {
      put: (name, sealed, at) => thread.write('putSecret', name, sealed, at),
      get: (name) => thread.read('secret', name),
      list: () => thread.read('secrets'),
      delete: (name) => thread.write('deleteSecret', name),
    },
    workers: {
      beat: (id) => thread.write('beat', id),
      list: () => thread.read('workers'),
      remove: (id) => thread.write('removeWorker', id),
    },
    settings: {
      get: (name) => thread.read('setting', name),
      put: (name, value) => thread.write('putSetting', name, value),
    },
    balance: () => thread.read('balance'),
    size: () => thread.read('size'),
    async close() {
      const closing = thread.close()
      await purging
      await closing
    },
  }
}

const entryIn = ({ steps }: Progress): string | undefined => (steps.length === 0 ? undefined : entryOf(steps))
