import { useSyncExternalStore } from 'react'
import { Tip } from './tip.tsx'
import { ago, exactTime } from './words.ts'

/** All moments of a page are told by one clock: two of them stay in order. */
const tickMs = 5_000
let now = Date.now()
const listeners = new Set<() => void>()
setInterval(() => {
  now = Date.now()
  for (const listener of listeners) listener()
}, tickMs)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** A moment, relative to now, with the exact one on hover. */
export function Ago({ at }: { readonly at: string }) {
  const nowMs = useSyncExternalStore(subscribe, () => now)
  return (
    <Tip text={exactTime(at)}>
      <time dateTime={at} className="tabular-nums">
        {ago(at, nowMs)}
      </time>
    </Tip>
  )
}
