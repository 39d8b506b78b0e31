/**
 * The stream of what happens now: one for all pages of a browser, which has but six connections to a server without HTTP/2.
 * The page that holds the lock listens and tells the others; when it goes, the next one takes its place. Where a page came
 * without TLS there are no locks, and each page listens for itself.
 */
import type { LiveSignal } from '../../nodes/contract/api-house.ts'
import { client } from './client.ts'

export type Told =
  | { readonly kind: 'signal'; readonly signal: LiveSignal }
  /** `missed`: something may have happened that nobody heard. */
  | { readonly kind: 'open'; readonly missed: boolean }
  /** The server does not answer; the browser tries again by itself. */
  | { readonly kind: 'silent' }

const name = 'hookloom.live'
/** After an answer that is no stream: of a proxy whose server starts again, or to whom is signed out. */
const againMs = 5_000

/** Hears what any page of this browser is told, until the returned function is called. */
export function listen(hear: (told: Told) => void): () => void {
  const ending = new AbortController()
  const channel = new BroadcastChannel(name)
  channel.addEventListener('message', ({ data }: MessageEvent<Told>) => hear(data))
  const tell = (told: Told) => {
    hear(told)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
    channel.postMessage(told)
  }
  if (isSecureContext) void takeTurns(tell, ending.signal)
  else void stream(hear, { missed: false, signal: ending.signal })
  return () => {
    ending.abort()
    channel.close()
  }
}

/** Listens at once if nobody does, else as soon as whoever does has gone. */
async function takeTurns(tell: (told: Told) => void, signal: AbortSignal): Promise<void> {
  const isFirst = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await stream(tell, { missed: false, signal })
    return lock !== null
  })
  if (isFirst || signal.aborted) return
  try {
    await navigator.locks.request(name, { signal }, () => stream(tell, { missed: true, signal }))
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

interface StreamOptions {
  /** Whether what happened before was not heard. */
  readonly missed: boolean
  readonly signal: AbortSignal
}

/** Ends with the signal, and not before. */
async function stream(tell: (told: Told) => void, { missed, signal }: StreamOptions): Promise<void> {
  let hasMissed = missed
  while (!signal.aborted) {
    await one(tell, { missed: hasMissed, signal })
    hasMissed = true
    await pause(againMs, signal)
  }
}

/** Ends when the browser gives it up. */
function one(tell: (told: Told) => void, { missed, signal }: StreamOptions): Promise<void> {
  return new Promise((resolve) => {
    const source = client.live()
    let hasMissed = missed
    source.addEventListener('message', ({ data }: MessageEvent<string>) =>
      tell({ kind: 'signal', signal: JSON.parse(data) as LiveSignal }),
    )
    source.addEventListener('open', () => {
      tell({ kind: 'open', missed: hasMissed })
      hasMissed = false
    })
    source.addEventListener('error', () => {
      // The browser connects again by itself. What happens meanwhile is not told.
      hasMissed = true
      if (source.readyState === EventSource.CONNECTING) tell({ kind: 'silent' })
      else resolve()
    })
    signal.addEventListener('abort', () => {
      source.close()
      resolve()
    })
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
