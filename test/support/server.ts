/** A real Hookloom server for a test: its own process, port and data folder. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const apiToken = 'test-token-0123456789abcdef'

export interface RunningServer {
  readonly url: string
  readonly dataDir: string
  readonly process: ChildProcess
  /** What it has written to standard output and standard error so far. */
  output(): string
  /** Calls the API with the token; the answer's JSON, whatever its status. */
  api<T = Answer>(method: string, path: string, body?: unknown): Promise<T>
  /** The same with the status. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Called>
  /** SIGTERM, and SIGKILL after 10 s; resolves with the exit code. The data folder stays. */
  stop(): Promise<number | null>
  /** SIGKILL; resolves when it is gone. The data folder stays. */
  kill(): Promise<void>
}

// oxlint-disable-next-line typescript/no-explicit-any -- a test looks into answers of every shape
export type Answer = any

export interface Called {
  readonly status: number
  readonly headers: Headers
  readonly body: Answer
}

export interface ServerOptions {
  /** A folder of an earlier server; absent = a new one, removed by `removeDataDir`. */
  readonly dataDir?: string
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a server and waits until its door is open. Rejects with what it wrote when it ends instead. */
export async function startServer({
  dataDir,
  port = 0,
  environment = {},
}: ServerOptions = {}): Promise<RunningServer> {
  const folder = dataDir ?? (await newDataDir())
  const child = spawn(process.execPath, ['server/main.ts'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: String(port),
      HOOKLOOM_DATA_DIR: folder,
      HOOKLOOM_API_TOKEN: apiToken,
      HOOKLOOM_LOG_LEVEL: 'warn',
      // Receivers of tests are on loopback.
      HOOKLOOM_OUTBOUND_ALLOW: '127.0.0.0/8,::1/128',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      output += chunk.toString()
      const ready = /ready at (\S+)/.exec(output)?.[1]
      if (ready !== undefined) resolve(ready.replace('localhost', '127.0.0.1'))
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)))
  })
  running.add(child)
  child.on('exit', () => running.delete(child))
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))

  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: parsed(text) }
  }
  return {
    url,
    dataDir: folder,
    process: child,
    output: () => output,
    call,
    api: async <T>(method: string, path: string, body?: unknown) =>
      (await call(method, path, body)).body as T,
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
      const code = await exited
      clearTimeout(timer)
      return code
    },
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'hookloom-'))
export const removeDataDir = (dataDir: string): Promise<void> => rm(dataDir, { recursive: true, force: true })

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Asks again and again until the answer is one that `accepts` it; rejects with the last answer after `ms`. */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  accepts: (answer: T) => boolean,
  ms = 10_000,
): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const answer = await ask()
    if (accepts(answer)) return answer
    if (Date.now() > deadline)
      throw new Error(`this did not come: ${JSON.stringify(answer)?.slice(0, 2_000)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
