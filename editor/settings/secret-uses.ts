/** Which workflows refer to which secrets, in their draft or in the version that runs. */
import { useQuery } from '@tanstack/react-query'
import { isSecretReference } from '../../nodes/contract/field.ts'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { client } from '../api/client.ts'
import { useWorkflows } from '../workflows/all-workflows.ts'

/** Each costs two requests. With more it is not known who uses what, which is said. */
const workflowsMax = 100
const atOnce = 4
const staleMs = 30_000

export type Uses = ReadonlyMap<string, readonly WorkflowSummary[]>

/** `undefined` while they are read; `'unknown'` when there are too many workflows to ask, or they could not be read. */
export function useSecretUses(): Uses | 'unknown' | undefined {
  const workflows = useWorkflows().data?.items
  const uses = useQuery({
    queryKey: ['secret-uses', workflows?.map(({ id, revision, version }) => [id, revision, version])],
    queryFn: () => usesIn(workflows ?? []),
    enabled: workflows !== undefined && workflows.length <= workflowsMax,
    staleTime: staleMs,
  })
  if (uses.data !== undefined) return uses.data
  return uses.isError || (workflows?.length ?? 0) > workflowsMax ? 'unknown' : undefined
}

async function usesIn(workflows: readonly WorkflowSummary[]): Promise<Uses> {
  const uses = new Map<string, WorkflowSummary[]>()
  const left = [...workflows]
  const work = async () => {
    for (let workflow = left.shift(); workflow !== undefined; workflow = left.shift()) {
      for (const name of await secretsOf(workflow)) uses.set(name, [...(uses.get(name) ?? []), workflow])
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return uses
}

async function secretsOf({ id, version }: WorkflowSummary): Promise<ReadonlySet<string>> {
  const [{ draft }, published] = await Promise.all([
    client.workflow(id),
    version === null ? undefined : client.versions(id, { limit: 1 }),
  ])
  return new Set([draft, ...(published?.items ?? []).map(({ graph }) => graph)].flatMap(namesIn))
}

const namesIn = ({ nodes }: Graph): readonly string[] =>
  nodes.flatMap(({ data }) => referencesIn(data.config))

function referencesIn(value: unknown): readonly string[] {
  if (isSecretReference(value)) return [value.$secret]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(referencesIn) : []
}
