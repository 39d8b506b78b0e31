import { CloudOff } from 'lucide-react'
import { useSyncExternalStore } from 'react'

const subscribe = (listener: () => void) => {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine)

/** Says that the network is away, and that nothing is lost. */
export const OfflineBanner = () =>
  useOnline() ? null : (
    <p
      role="status"
      className="flex shrink-0 items-center justify-center gap-2 bg-wait-soft px-4 py-1.5 text-sm text-wait"
    >
      <CloudOff className="size-4" aria-hidden />
      You are offline. What you change is kept here and saved when the connection is back.
    </p>
  )
