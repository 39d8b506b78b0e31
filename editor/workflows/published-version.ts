import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { useDocument } from './editing.tsx'

/** The version that runs, with its graph; `undefined` until it is known, or when nothing is published. */
export function usePublishedVersion() {
  const { id, version } = useDocument(({ head }) => head)
  return useQuery({
    queryKey: ['versions', id, 'published', version],
    // The newest is the one that runs: restoring an older one makes a draft, and publishing that makes a new one.
    queryFn: async () => (await client.versions(id, { limit: 1 })).items[0] ?? null,
    enabled: version !== null,
    select: (newest) => newest ?? undefined,
  })
}
