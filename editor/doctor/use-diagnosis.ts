import { useQuery } from '@tanstack/react-query'
import { client } from '../api/client.ts'

/** What the doctor says of a rejection: asked again when its workflow or any secret has changed. */
export function useDiagnosis(rejectionId: string) {
  const secrets = useQuery({ queryKey: ['secrets'], queryFn: client.secrets })
  const changedAt = secrets.data?.items.reduce(
    (newest, { updatedAt }) => (updatedAt > newest ? updatedAt : newest),
    '',
  )
  return useQuery({
    queryKey: ['diagnosis', rejectionId, changedAt],
    queryFn: () => client.diagnosis(rejectionId),
    enabled: !secrets.isPending,
    // The sentence stays while it is asked for anew, so that nothing jumps.
    placeholderData: (before) => before,
  })
}
