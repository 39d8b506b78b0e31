/**
 * The store's thread: it alone has the file open. It takes messages with calls one after the other and answers each with
 * one. Nothing in here is asynchronous: while a commit waits for the disk, nobody else has to.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { openCalls } from './sqlite-calls.ts'
import { keepLogShort } from './sqlite-checkpoint.ts'
import { openCommits, readAll } from './sqlite-commit.ts'
import { openDatabase } from './sqlite-database.ts'
import { faultOf } from './sqlite-errors.ts'
import type { FromThread, ToThread } from './sqlite-connection.ts'
import type { Call } from './sqlite-lane.ts'

if (parentPort === null) throw new Error('sqlite-thread.ts is run as a thread')
serve(parentPort, (workerData as { readonly path: string }).path)

function serve(port: MessagePort, path: string): void {
  const tell = (message: FromThread) => port.postMessage(message)
  let db
  try {
    db = openDatabase(path)
  } catch (error) {
    return tell({ kind: 'opened', fault: faultOf(error) })
  }
  const log = keepLogShort(db)
  const { reads, writes } = openCalls(db)
  const commit = openCommits(db, log)
  port.on('message', (message: ToThread) => {
    if (message.kind === 'close') {
      log.close()
      db.close()
      port.close()
      return
    }
    const { kind, calls } = message
    const began = performance.now()
    const outcome = kind === 'reads' ? readAll(calls.map(bound(reads))) : commit(calls.map(bound(writes)))
    tell({ kind, ...outcome, tookMs: performance.now() - began })
  })
  tell({ kind: 'opened' })
}

type Callable = (...args: never[]) => unknown

/** The caller's side has checked names and arguments against the type of the same table (`Connection`). */
const bound =
  (table: { readonly [name: string]: Callable }) =>
  ([name, args]: Call) =>
  (): unknown => {
    const call = table[name]
    if (call === undefined) throw new Error(`the store knows no call ${name}`)
    return call(...(args as never[]))
  }
