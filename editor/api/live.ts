/** What happens now, as the server tells it: every list that is shown is read again, at most twice a second. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { LiveSignal } from '../../nodes/contract/api-house.ts'
import { setReachable } from './reachable.ts'
import { listen } from './shared-stream.ts'
import type { Told } from './stream.ts'

/** The first word of each query's key; a signal makes the queries of its kinds stale. */
const staleBy: Readonly<Record<LiveSignal['kind'], readonly string[]>> = {
  workflow: ['workflows', 'workflow', 'versions', 'diagnosis'],
  event: ['events', 'balance', 'activity'],
  rejection: ['rejections', 'balance', 'activity'],
  run: ['runs', 'run', 'balance', 'activity'],
  step: ['run'],
}
const everyMs = 500

/** Keeps what is shown fresh while the component is there. */
export function useLive(): void {
  const queries = useQueryClient()
  useEffect(() => keepFresh(queries), [queries])
}

function keepFresh(queries: QueryClient): () => void {
  const stale = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const readAgain = (kinds: readonly string[]) =>
    void queries.invalidateQueries({ predicate: ({ queryKey }) => kinds.includes(String(queryKey[0])) })
  const refresh = () => {
    timer = undefined
    readAgain([...stale])
    stale.clear()
  }
  let wasRefused = false
  let wasOpen = false
  const hear = (told: Told) => {
    // Whoever was signed out on another page is asked to sign in: the answers say so.
    const isRefused = told.kind === 'refused'
    if (isRefused && !wasRefused) void queries.invalidateQueries()
    wasRefused = isRefused
    if (told.kind === 'open') {
      // Before the first time, only what is followed was read too soon; while it was away, anything may have changed.
      if (told.missed && wasOpen) void queries.invalidateQueries()
      else if (told.missed) readAgain(Object.values(staleBy).flat())
      wasOpen = true
    }
    setReachable(told.kind === 'open' || told.kind === 'signal')
    if (told.kind !== 'signal') return
    for (const kind of staleBy[told.signal.kind]) stale.add(kind)
    timer ??= setTimeout(refresh, everyMs)
  }
  const stop = listen(hear)
  return () => {
    clearTimeout(timer)
    stop()
  }
}
