/**
 * How many evaluations a second the sandbox makes: `node test/bench/sandbox.ts`. A filter's condition and a transform's
 * expression by turns, over a message like GitHub's push of 1 KiB; every result is checked.
 */
import { readFileSync } from 'node:fs'
import { openSandbox } from '../../server/runtime/sandbox.ts'
import type { Evaluation, ProgramKind } from '../../server/runtime/runtime.ts'

const message = JSON.stringify({
  ref: 'refs/heads/main',
  before: '0'.repeat(40),
  after: '1'.repeat(40),
  repository: { id: 35129377, name: 'public-repo', full_name: 'baxterthehacker/public-repo', private: false },
  pusher: { name: 'baxterthehacker', email: 'baxterthehacker@users.noreply.github.com' },
  commits: [1, 2, 3].map((n) => ({
    id: String(n).repeat(40),
    message: `Update README.md, part ${n}`,
    timestamp: '2015-05-05T19:40:15-04:00',
    author: { name: 'baxterthehacker', username: 'baxterthehacker' },
    modified: ['README.md'],
  })),
})

interface Program {
  readonly kind: ProgramKind
  readonly source: string
  readonly value: string
}
const filter: Program = { kind: 'jsonata', source: "$boolean((ref = 'refs/heads/main'\n))", value: 'true' }
const transform: Program = {
  kind: 'jsonata',
  source: "{ 'text': pusher.name & ' pushed ' & $count(commits) & ' commits' }",
  value: '{"text":"baxterthehacker pushed 3 commits"}',
}
const template: Program = {
  kind: 'template',
  source: '{{ pusher.name }} pushed {{ ref }}',
  value: '"baxterthehacker pushed refs/heads/main"',
}
const script: Program = { kind: 'script', source: 'return message.commits.length', value: '3' }
const limits = { timeoutMs: 1_000, memoryMb: 64, outputBytesMax: 1_048_576, logBytesMax: 262_144 }

interface Case {
  readonly title: string
  readonly children: number
  readonly inFlight: number
  readonly workflows: number
  readonly programs: readonly Program[]
}

const secondsEach = 3
const both = [filter, transform]

async function measure({ title, children, inFlight, workflows, programs }: Case): Promise<void> {
  const opened = performance.now()
  const sandbox = openSandbox({ children })
  const evaluationOf = (n: number): Evaluation & Program => {
    const program = programs[n % programs.length] ?? filter
    return { ...program, workflowId: `wf_${n % workflows}`, message, bindings: {}, limits }
  }
  const one = async (n: number) => {
    const evaluation = evaluationOf(n)
    const evaluated = await sandbox.evaluate(evaluation)
    if (!evaluated.ok || evaluated.value !== evaluation.value)
      throw new Error(`wrong: ${JSON.stringify(evaluated)}`)
  }
  await one(0)
  const firstMs = performance.now() - opened
  const idleMb = sandbox.pids.map(residentMb)
  const lane = async (first: number, until: number) => {
    let n = first
    for (; performance.now() < until; n += inFlight + 1) await one(n)
    return (n - first) / (inFlight + 1)
  }
  const lanes = (ms: number) =>
    Promise.all(Array.from({ length: inFlight }, (_, n) => lane(n, performance.now() + ms)))
  await lanes(1_000)
  const counts = await lanes(secondsEach * 1_000)
  const rate = counts.reduce((sum, count) => sum + count, 0) / secondsEach
  const memory = `first child ${idleMb.join(', ')} MB idle, all ${sandbox.pids.map(residentMb).join(' + ')} MB after`
  console.log(
    `${title.padEnd(52)} ${rate.toFixed(0).padStart(7)}/s   first after ${firstMs.toFixed(0)} ms; ${memory}`,
  )
  await sandbox.close()
}

function residentMb(pid: number): string {
  if (process.platform !== 'linux') return '?'
  const kb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1])
  return (kb / 1_024).toFixed(0)
}

console.log(`message of ${message.length} bytes; Node ${process.version}`)
await measure({
  title: 'filter + transform, 1 child, 1 in flight',
  children: 1,
  inFlight: 1,
  workflows: 1,
  programs: both,
})
await measure({
  title: 'filter + transform, 1 child, 32 in flight',
  children: 1,
  inFlight: 32,
  workflows: 1,
  programs: both,
})
await measure({
  title: 'filter + transform, 2 children, 32 in flight',
  children: 2,
  inFlight: 32,
  workflows: 1,
  programs: both,
})
await measure({
  title: 'the same, 8 workflows, 64 in flight',
  children: 2,
  inFlight: 64,
  workflows: 8,
  programs: both,
})
await measure({
  title: 'templates, 1 child, 32 in flight',
  children: 1,
  inFlight: 32,
  workflows: 1,
  programs: [template],
})
await measure({
  title: 'scripts, 1 child, 32 in flight',
  children: 1,
  inFlight: 32,
  workflows: 1,
  programs: [script],
})
