import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import type { Run } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { hasEnded } from './ended.ts'

/** Beside the live signals, which a proxy may hold back. */
const againMs = 2_000

/** A run, read again until it has ended. */
export const useRun = (id: string | undefined) =>
  useQuery({
    queryKey: ['run', id],
    queryFn: () => client.run(id ?? ''),
    enabled: id !== undefined,
    refetchInterval: ({ state }) =>
      state.data === undefined || hasEnded(state.data.state) ? false : againMs,
  })

/** The run that the URL names (`?run=`), kept fresh while it goes on: its path is drawn on the canvas. */
export function useShownRun(): Run | undefined {
  const id = useSearch({ strict: false, select: ({ run }) => run })
  return useRun(id).data
}
