/**
 * The sandbox child: the only process in which text of users is evaluated. It has no environment, no file but its own
 * sources, one pipe, and no way to outlive it. It does one batch at a time; a batch that will not end is ended by the
 * server, which kills the whole process.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { Cells } from './cells.ts'
import { evaluateBatch } from './evaluate.ts'
import { type Notice, type Task, encodeFrame, frameReader } from './protocol.ts'

const pipeFd = 3
const stderrFd = 2
const tidyEveryMs = 10_000

/** `process.exit` waits for threads, and the thread of an isolate that spins never ends. */
const die = () => process.kill(process.pid, 'SIGKILL')

const pipe = new Socket({ fd: pipeFd })
pipe.on('close', die)
pipe.on('error', die)

const cells = new Cells((message) => {
  writeSync(stderrFd, `${message}\n`)
  die()
})
setInterval(() => cells.dropIdle(), tidyEveryMs).unref()

const tell = (notice: Notice, body?: string) => pipe.write(encodeFrame(notice, body))

async function serve(task: Task, body: string): Promise<void> {
  const { id } = task
  const cell = await cells.of(task)
  const { body: results, ...ended } = await evaluateBatch(cell, task, body, () =>
    tell({ notice: 'started', id }),
  )
  tell({ notice: 'ended', id, ...ended }, results)
  await cells.tidy(cell)
}

let last = Promise.resolve()
const read = frameReader((header, body) => {
  // The header is the server's own, and its alone.
  last = last.then(() => serve(header as Task, body))
  last.catch((error: unknown) => {
    writeSync(stderrFd, `${error instanceof Error ? error.stack : String(error)}\n`)
    die()
  })
})
pipe.on('data', read)
// An isolate with jsonata is made once before the first batch needs one: the code is then warm.
await cells.of({ id: 0, kind: 'expressions', workflowId: '', memoryMb: 64, timeoutMs: 0, fresh: false })
tell({ notice: 'ready' })
