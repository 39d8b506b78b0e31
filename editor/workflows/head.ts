/** What is changed about a workflow beside its draft: its name, whether it is enabled. */
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Workflow } from '../../nodes/contract/api.ts'
import { client, isConflict } from '../api/client.ts'
import type { DocumentStore, Head } from '../state/document.ts'
import { type Editing, useEditing } from './editing.tsx'

export function useChangeHead() {
  const editing = useEditing()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (change: { readonly name: string } | { readonly enabled: boolean }) => {
      const { document } = editing
      // With its revision: a change that wins over everything would also hide that somebody else saved meanwhile.
      await saved(editing)
      const { id, revision } = document.getState().head
      try {
        takeHead(document, await client.changeWorkflow(id, { ...change, revision }))
      } catch (error) {
        if (isConflict(error))
          document.getState().setSaving({ state: 'conflict', theirs: await client.workflow(id) })
        throw error
      }
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['workflows'] }),
  })
}

/** Saves the draft now; rejects with words when it cannot be, since what follows would work on another one. */
export async function saved({ document, saver }: Editing): Promise<void> {
  await saver.flush()
  const { saving } = document.getState()
  switch (saving.state) {
    case 'saved':
      return
    case 'offline':
      throw new Error('The server cannot be reached. Try again when the connection is back; nothing is lost.')
    case 'conflict':
      throw new Error('Somebody else saved this workflow. Choose whose draft to keep first.')
    case 'refused':
      throw new Error(`The draft cannot be saved: ${saving.message}`)
    default:
      throw new Error('The draft is being changed. Try again in a moment.')
  }
}

/** What the server says of the workflow, without touching the draft. */
export function takeHead(
  document: DocumentStore,
  { draft: _draft, problems: _problems, ...head }: Workflow,
): void {
  document.getState().updateHead(head satisfies Head)
}
