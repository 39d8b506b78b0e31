/** The stream of what happens now, and how it stands. Who listens to it: see `shared-stream.ts`. */
import type { LiveSignal } from '../../nodes/contract/api-house.ts'
import { client } from './client.ts'

export type Told =
  | { readonly kind: 'signal'; readonly signal: LiveSignal }
  /** `missed`: something may have happened that nobody heard. */
  | { readonly kind: 'open'; readonly missed: boolean }
  /** The server does not answer; the browser tries again by itself. */
  | { readonly kind: 'silent' }
  /** The answer was no stream: the session has ended, or a proxy's server is away. It is tried again. */
  | { readonly kind: 'refused' }

export type Hear = (told: Told) => void

export interface StreamOptions {
  /** Whether what happened before was not heard. */
  readonly missed: boolean
  readonly signal: AbortSignal
}

const againMs = 5_000

/** Ends with the signal, and not before. */
export async function stream(hear: Hear, { missed, signal }: StreamOptions): Promise<void> {
  let hasMissed = missed
  while (!signal.aborted) {
    await once(hear, { missed: hasMissed, signal })
    hasMissed = true
    await pause(againMs, signal)
  }
}

/** Ends when the browser gives it up. */
function once(hear: Hear, { missed, signal }: StreamOptions): Promise<void> {
  return new Promise((resolve) => {
    const source = client.live()
    let hasMissed = missed
    source.addEventListener('message', ({ data }: MessageEvent<string>) =>
      hear({ kind: 'signal', signal: JSON.parse(data) as LiveSignal }),
    )
    source.addEventListener('open', () => {
      hear({ kind: 'open', missed: hasMissed })
      hasMissed = false
    })
    source.addEventListener('error', () => {
      // What happens until the browser has connected again is not told.
      hasMissed = true
      const isTriedAgain = source.readyState === EventSource.CONNECTING
      hear({ kind: isTriedAgain ? 'silent' : 'refused' })
      if (!isTriedAgain) resolve()
    })
    signal.addEventListener('abort', () => {
      source.close()
      resolve()
    })
  })
}

/** So long, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
