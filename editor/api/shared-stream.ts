/**
 * One stream for all pages of a browser, which has but six connections to a server without HTTP/2. The page that holds the
 * lock listens and tells the others; when it is closed, the next one takes its place. A browser may put a page to sleep with
 * the lock in its hand: whoever comes to the front asks, and takes the lock when nobody answers. Without TLS (except on this
 * machine) a browser has no locks, and each page listens for itself.
 */
import { type Hear, type Told, pause, stream } from './stream.ts'

/** What pages of a browser say to each other. */
type Said = Told | { readonly kind: 'asked' } | { readonly kind: 'here' }

const name = 'hookloom.live'
/** A page that is awake answers sooner. */
const answerMs = 1_000

/** Hears what any page of this browser is told, until the returned function is called. */
export function listen(hear: Hear): () => void {
  const ending = new AbortController()
  if ('locks' in navigator && 'BroadcastChannel' in globalThis) void share(hear, ending.signal)
  else void stream(hear, ending.signal)
  return () => ending.abort()
}

async function share(hear: Hear, signal: AbortSignal): Promise<void> {
  const channel = new BroadcastChannel(name)
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel is of one origin
  const say = (said: Said) => channel.postMessage(said)
  let leads = false
  /** How the stream stands, as far as this page listens to it. */
  let standing: Said = { kind: 'here' }
  let heardAt = -Infinity
  let waiting = new AbortController()

  channel.addEventListener('message', ({ data }: MessageEvent<Said>) => {
    heardAt = performance.now()
    if (data.kind === 'asked') {
      if (leads) say(standing)
    } else if (data.kind !== 'here') hear(data)
  })
  const lead = async (turn: AbortSignal) => {
    leads = true
    standing = { kind: 'here' }
    const tell = (told: Told) => {
      if (told.kind !== 'signal') standing = told.kind === 'open' ? { ...told, missed: false } : told
      hear(told)
      say(told)
    }
    await stream(tell, turn)
  }
  /** Takes the lock from a page that sleeps. */
  const wake = async () => {
    if (leads || document.visibilityState !== 'visible') return
    const askedAt = performance.now()
    say({ kind: 'asked' })
    await pause(answerMs, signal)
    if (!leads && heardAt < askedAt) waiting.abort()
  }
  document.addEventListener('visibilitychange', () => void wake(), { signal })

  const takeTurn = async (how: LockOptions) => {
    const turn = new AbortController()
    try {
      await navigator.locks.request(name, how, (lock) => lock && lead(AbortSignal.any([signal, turn.signal])))
    } catch (error) {
      // The lock was taken from this page, or it takes it itself now, or the page goes.
      if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
    } finally {
      turn.abort()
      leads = false
    }
  }
  await takeTurn({ ifAvailable: true })
  void wake()
  while (!signal.aborted) {
    const takesIt = waiting.signal.aborted
    waiting = new AbortController()
    await takeTurn(takesIt ? { steal: true } : { signal: AbortSignal.any([signal, waiting.signal]) })
  }
  channel.close()
}
