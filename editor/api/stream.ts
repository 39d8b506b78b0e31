/** The stream of what happens now, and how it stands. Who listens to it: see `shared-stream.ts`. */
import type { LiveSignal } from '../../nodes/contract/api-house.ts'
import { client } from './client.ts'

export type Told =
  | { readonly kind: 'signal'; readonly signal: LiveSignal }
  /** `missed`: something may have happened that nobody heard, if only between what was read first and this. */
  | { readonly kind: 'open'; readonly missed: boolean }
  /** The server does not answer; the browser tries again by itself. */
  | { readonly kind: 'silent' }
  /** The answer was no stream: the session has ended, or a proxy's server is away. It is tried again. */
  | { readonly kind: 'refused' }

export type Hear = (told: Told) => void

const againMs = 5_000

/** Ends with the signal, and not before. */
export async function stream(hear: Hear, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await once(hear, signal)
    await pause(againMs, signal)
  }
}

/** Ends when the browser gives it up. */
function once(hear: Hear, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const source = client.live()
    source.addEventListener('message', ({ data }: MessageEvent<string>) =>
      hear({ kind: 'signal', signal: JSON.parse(data) as LiveSignal }),
    )
    // What happened until the browser had connected, for the first time or again, was not told.
    source.addEventListener('open', () => hear({ kind: 'open', missed: true }))
    source.addEventListener('error', () => {
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
