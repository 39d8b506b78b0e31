/**
 * The store's thread: it alone has the file open. It takes messages with calls one after the other and answers each with
 * one. Nothing in here is asynchronous: while a commit waits for the disk, nobody else has to.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { openAnswering } from './sqlite-answering.ts'
import { openDatabase } from './sqlite-database.ts'
import { faultOf } from './sqlite-errors.ts'
import type { FromThread, ToThread } from './sqlite-connection.ts'

if (parentPort === null) throw new Error('sqlite-thread.ts is run as a thread')
serve(parentPort, (workerData as { readonly path: string }).path)

function serve(port: MessagePort, path: string): void {
  const tell = (message: FromThread) => port.postMessage(message)
  let answering: ReturnType<typeof openAnswering>
  try {
    answering = openAnswering(openDatabase(path))
  } catch (error) {
    return tell({ kind: 'opened', fault: faultOf(error) })
  }
  port.on('message', (message: ToThread) => {
    if (message.kind === 'close') {
      answering.close()
      port.close()
      return
    }
    tell({ kind: message.kind, ...answering.answer(message.kind, message) })
  })
  tell({ kind: 'opened' })
}
