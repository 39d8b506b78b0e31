/** What happens now, as the server tells it: every list that is shown is read again, at most twice a second. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { LiveSignal } from '../../nodes/contract/api-house.ts'
import { client } from './client.ts'
import { setReachable } from './reachable.ts'

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
  useEffect(() => listen(queries), [queries])
}

function listen(queries: QueryClient): () => void {
  const source = client.live()
  const stale = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = () => {
    timer = undefined
    const kinds = [...stale]
    stale.clear()
    void queries.invalidateQueries({ predicate: ({ queryKey }) => kinds.includes(String(queryKey[0])) })
  }
  source.addEventListener('message', ({ data }: MessageEvent<string>) => {
    const signal = JSON.parse(data) as LiveSignal
    for (const kind of staleBy[signal.kind]) stale.add(kind)
    timer ??= setTimeout(refresh, everyMs)
  })
  // The browser connects again by itself. What happened meanwhile was not told: everything is read again.
  let missed = false
  source.addEventListener('error', () => {
    missed = true
    setReachable(source.readyState !== EventSource.CONNECTING)
  })
  source.addEventListener('open', () => {
    setReachable(true)
    if (missed) void queries.invalidateQueries()
    missed = false
  })
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
