import { useMutation } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { useEditing } from './editing.tsx'
import { saved } from './head.ts'

/** Makes a version the draft again, as a step that can be undone. */
export function useRestore(onDone: () => void) {
  const editing = useEditing()
  return useMutation({
    mutationFn: async (number: number) => {
      const { document } = editing
      await saved(editing)
      document.getState().take(await client.restoreVersion(document.getState().head.id, number))
    },
    onSuccess: onDone,
  })
}
