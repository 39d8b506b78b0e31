import type { Workflow, WorkflowSummary } from '../../nodes/contract/api.ts'
import type { Client } from './client.ts'
import { Complaint } from './complaint.ts'
import type { KeyedWorkflow } from './files.ts'

interface List {
  readonly items: readonly WorkflowSummary[]
  readonly nextCursor: string | null
}

/** Workflows as files hold them: all, or those of the keys. Tokens and secrets stay on the server. */
export async function exportWorkflows(
  client: Client,
  keys: readonly string[],
): Promise<readonly KeyedWorkflow[]> {
  const summaries =
    keys.length === 0 ? await all(client) : await Promise.all(keys.map((key) => byKey(client, key)))
  return Promise.all(
    summaries.map(async ({ id }) => {
      const { key, name, enabled, draft } = await client.call<Workflow>('GET', `/api/workflows/${id}`)
      return { key, name, enabled, graph: draft }
    }),
  )
}

async function all(client: Client): Promise<readonly WorkflowSummary[]> {
  const found: WorkflowSummary[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const page: List = await client.call<List>('GET', `/api/workflows?limit=200${after}`)
    found.push(...page.items)
    cursor = page.nextCursor
  }
  return found.toSorted((a, b) => a.key.localeCompare(b.key))
}

async function byKey(client: Client, key: string): Promise<WorkflowSummary> {
  const { items } = await client.call<List>('GET', `/api/workflows?key=${encodeURIComponent(key)}`)
  const [found] = items
  if (found === undefined) throw new Complaint(`The server has no workflow with the key "${key}".`)
  return found
}
