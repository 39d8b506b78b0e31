import type { Version, Workflow, WorkflowSummary } from '../../nodes/contract/api.ts'
import type { Client } from './client.ts'
import type { KeyedWorkflow } from './files.ts'

export type Applied = 'created' | 'changed' | 'unchanged'

/**
 * Makes the server's workflow of that key what the file says, and publishes it. Applying the same file twice changes
 * nothing: the server keeps a draft and a version that are the same already.
 */
export async function apply(client: Client, { key, name, enabled, graph }: KeyedWorkflow) {
  const { items } = await client.call<{ readonly items: readonly WorkflowSummary[] }>(
    'GET',
    `/api/workflows?key=${key}`,
  )
  const [existing] = items
  if (existing === undefined) {
    const created = await client.call<Workflow>('POST', '/api/workflows', {
      key,
      name,
      enabled,
      graph,
      publish: true,
    })
    return { applied: 'created' satisfies Applied as Applied, workflow: created }
  }
  const place = `/api/workflows/${existing.id}`
  const saved = await client.call<Workflow>('PATCH', place, { name, enabled, graph })
  const version = await client.call<Version>('POST', `${place}/publish`, {})
  const changed = saved.revision !== existing.revision || version.number !== existing.version
  return { applied: (changed ? 'changed' : 'unchanged') satisfies Applied as Applied, workflow: saved }
}
