import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

export interface Child {
  readonly process: ChildProcess
  /** The lines that it has printed so far. */
  readonly lines: readonly string[]
  /** What it has written to its standard error so far. */
  complaints(): string
  /** Resolves once it has printed this many lines; rejects when it ends before. */
  printed(count: number): Promise<void>
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** Runs a script of this folder in a process of its own, so that it can be killed; it does not outlive its test. */
export function startChild(script: string, args: readonly string[], uid?: number): Child {
  const child = spawn(process.execPath, [new URL(script, import.meta.url).pathname, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
    process.stderr.write(text)
  })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }))
  })
  return {
    process: child,
    lines,
    complaints: () => complaints,
    ended,
    printed: (count) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (lines.length >= count) resolve()
        }
        check()
        reader.on('line', check)
        void ended.then(() => {
          check()
          reject(new Error(`${script} ended after ${lines.length} lines, expected ${count}`))
        })
      }),
  }
}
