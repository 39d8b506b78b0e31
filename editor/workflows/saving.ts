/** What a save of the draft comes to, in the saver's words. */
import { MutationObserver, type QueryClient } from '@tanstack/react-query'
import type { ChangeWorkflow } from '../../nodes/contract/api.ts'
import { ApiProblem, Unreachable, client, isConflict } from '../api/client.ts'
import type { SaveResult } from '../state/save.ts'

/** A server that is being restarted or is busy takes the draft later. */
const laterStatuses = new Set([429, 500, 502, 503, 504])

export const saveWith =
  (queries: QueryClient) =>
  async (id: string, change: ChangeWorkflow): Promise<SaveResult> => {
    // As a mutation, so that whoever is signed out is asked to sign in; the edits wait in this browser.
    const saving = new MutationObserver(queries, {
      mutationFn: (body: ChangeWorkflow) => client.changeWorkflow(id, body),
      gcTime: 0,
    })
    try {
      const workflow = await saving.mutate(change)
      queries.setQueryData(['workflow', id], workflow)
      return { kind: 'saved', workflow }
    } catch (error) {
      return failed(error, id)
    } finally {
      // Whoever observes a mutation keeps what it sent and what came back: two graphs for every save.
      saving.reset()
    }
  }

async function failed(error: unknown, id: string): Promise<SaveResult> {
  if (error instanceof Unreachable) return { kind: 'unreachable' }
  if (!(error instanceof ApiProblem)) throw error
  if (laterStatuses.has(error.status)) return { kind: 'unreachable' }
  if (!isConflict(error)) return { kind: 'refused', message: refusal(error) }
  try {
    return { kind: 'conflict', theirs: await client.workflow(id) }
  } catch (again) {
    if (isConflict(again)) throw again
    return failed(again, id)
  }
}

/** The first fault says more than that there are some. */
function refusal({ message, status, document: { problems = [] } }: ApiProblem): string {
  if (status === 404) return 'This workflow was deleted meanwhile. Your draft is kept here.'
  return problems[0]?.message ?? message
}
