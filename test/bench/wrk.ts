/** Load by wrk, which takes a third less of the processor for a request than `load.ts` does. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type LoadPlan, type LoadReport, bodiesMade, requestParts } from './plan.ts'

export const hasWrk = spawnSync('wrk', ['-v']).error === undefined

const script = fileURLToPath(new URL('./wrk.lua', import.meta.url))

/** Each connection sends as soon as it is answered. Who is not answered when it ends is not counted. */
export async function loadByWrk(plan: LoadPlan): Promise<LoadReport> {
  const folder = await mkdtemp(join(tmpdir(), 'hookloom-wrk-'))
  try {
    const requests = join(folder, 'requests')
    const made = Array.from({ length: bodiesMade }, (_, n) => requestParts(plan, n, 0))
    await writeFile(
      requests,
      made
        .flat()
        .map((part) => `${part}\0`)
        .join(''),
    )
    const { connections, seconds, port } = plan
    const wrk = spawn(
      'wrk',
      ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, `http://127.0.0.1:${port}/`],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, REQUESTS: requests, SENDER: folder.slice(-6) },
      },
    )
    const [told] = await Promise.all([text(wrk.stderr), once(wrk, 'exit')])
    const { answered, refused, broken, us, p50us, p99us } = JSON.parse(told) as Told
    if (broken > 0) throw new Error(`${broken} connections of wrk broke`)
    return {
      sent: answered,
      accepted: answered - refused,
      refused,
      seconds: us / 1e6,
      p50: p50us / 1e3,
      p99: p99us / 1e3,
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** What `wrk.lua` prints. */
interface Told {
  readonly answered: number
  readonly refused: number
  readonly broken: number
  readonly us: number
  readonly p50us: number
  readonly p99us: number
}
