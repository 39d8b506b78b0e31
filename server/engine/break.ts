/**
 * Why a stretch of work on a run is broken off before its end. `stop`: the worker stops and gives the run back; `cancel`:
 * somebody cancelled it; `deadline`: it worked too long.
 */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff'
  readonly why: 'stop' | 'cancel' | 'deadline'
  constructor(why: BrokenOff['why']) {
    super(`broken off: ${why}`)
    this.why = why
  }
}

/** Resolves after `ms`, or rejects with the signal's reason when it aborts before. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const giveUp = () => reject(signal.reason)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  const timer = setTimeout(resolve, Math.ceil(ms))
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  })
}

/** Runs `work` with a signal that aborts with the parent's, or after `ms`. No timer or listener outlives it. */
export async function within<T>(
  { parent, ms, reason }: { readonly parent: AbortSignal; readonly ms: number; readonly reason: () => Error },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController()
  const follow = () => controller.abort(parent.reason)
  if (parent.aborted) follow()
  parent.addEventListener('abort', follow, { once: true })
  const timer = setTimeout(() => controller.abort(reason()), ms)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    parent.removeEventListener('abort', follow)
  }
}
