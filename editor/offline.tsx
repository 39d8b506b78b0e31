import { CloudOff } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { isReachable, onReachable } from './api/reachable.ts'

const subscribe = (listener: () => void) => {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine)

/** A server that restarts, or a stream that a proxy ended, is back before anybody would read a banner. */
const patienceMs = 1_500

const away = {
  network: 'You are offline. What you change is kept here and saved when the connection is back.',
  server: 'The server does not answer. What you change is kept here and saved when it is back.',
} as const

/** Says that the network or the server is away, and that nothing is lost. It takes its leave by itself. */
export function OfflineBanner() {
  const online = useOnline()
  const reachable = useSyncExternalStore(onReachable, isReachable)
  const silent = useLasting(!reachable, patienceMs)
  const why = !online ? away.network : silent ? away.server : undefined
  return (
    <div role="status">
      {why !== undefined && (
        <p className="flex items-center justify-center gap-2 border-b bg-wait-soft px-4 py-1.5 text-sm text-wait">
          <CloudOff className="size-4 shrink-0" aria-hidden />
          {why}
        </p>
      )}
    </div>
  )
}

/** True once `value` has been true for so long; false at once. */
function useLasting(value: boolean, ms: number): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLasting(value), value ? ms : 0)
    return () => clearTimeout(timer)
  }, [value, ms])
  return value && lasting
}
