import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProblemDocument } from '../../nodes/contract/api.ts'
import { Complaint } from './complaint.ts'

/** The API as the command line uses it. */
export interface Client {
  readonly url: string
  /** Throws `Complaint` with what the server said, or that it cannot be reached. */
  call<T>(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<T>
}

/**
 * Reads `HOOKLOOM_URL` and `HOOKLOOM_API_TOKEN`. Beside a local server neither is needed: the address is the default one, and
 * the token is in the data folder.
 */
export async function openClient(environment: Readonly<Record<string, string | undefined>>): Promise<Client> {
  const url = (environment['HOOKLOOM_URL'] ?? `http://localhost:${environment['PORT'] ?? 3000}`).replace(
    /\/+$/,
    '',
  )
  if (!URL.canParse(url))
    throw new Complaint(`HOOKLOOM_URL is "${url}"; it looks like http://localhost:3000.`)
  const token =
    environment['HOOKLOOM_API_TOKEN'] ?? (await localToken(environment['HOOKLOOM_DATA_DIR'] ?? './data'))
  return {
    url,
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const response = await send(url, path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T
      throw complaintOf(response.status, text)
    },
  }
}

async function send(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, init)
  } catch (error) {
    throw new Complaint(`No server answers at ${url}. Start one with "npm start", or set HOOKLOOM_URL.`, {
      cause: error,
    })
  }
}

async function localToken(dataDir: string): Promise<string> {
  try {
    return (await readFile(join(dataDir, 'api-token'), 'utf8')).trim()
  } catch (error) {
    throw new Complaint('Set HOOKLOOM_API_TOKEN to the API token of the server.', { cause: error })
  }
}

/** What the server's problem document says, with each thing that is to be mended on a line of its own. */
function complaintOf(status: number, text: string): Complaint {
  try {
    const { detail, problems = [] } = JSON.parse(text) as ProblemDocument
    const lines = problems.map(
      ({ nodeId, path, message }) => `  ${[nodeId, path].filter(Boolean).join(' ')}: ${message}`,
    )
    return new Complaint([detail, ...lines].join('\n'))
  } catch {
    return new Complaint(`The server answered ${status}: ${text.slice(0, 200)}`)
  }
}
