import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import { type List, client } from '../api/client.ts'

/** More than a person would look through; the rest is found by the command line and the API. */
const pagesMax = 5
const pageLimit = 200

/** Every workflow, so that a search finds all of them. */
export const useWorkflows = (): UseQueryResult<List<WorkflowSummary>> =>
  useQuery({ queryKey: ['workflows'], queryFn: allWorkflows })

async function allWorkflows(): Promise<List<WorkflowSummary>> {
  const items: WorkflowSummary[] = []
  let nextCursor: string | null = null
  for (let n = 0; n < pagesMax && (n === 0 || nextCursor !== null); n += 1) {
    const page: List<WorkflowSummary> = await client.workflows({
      limit: pageLimit,
      cursor: nextCursor ?? undefined,
    })
    items.push(...page.items)
    nextCursor = page.nextCursor
  }
  return { items, nextCursor }
}

/** Those whose name, key or hook URL holds every word that was typed. */
export function matching(workflows: readonly WorkflowSummary[], search: string): readonly WorkflowSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return workflows.filter(({ name, key, hook }) => {
    const text = `${name} ${key} ${hook.url}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
