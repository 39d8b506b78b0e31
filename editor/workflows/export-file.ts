import type { Workflow } from '../../nodes/contract/api.ts'
import type { WorkflowFile } from '../../nodes/contract/workflow.ts'

/** Saves a workflow as the file that `hookloom apply` and *Import* read. Tokens and secrets are never in it. */
export function exportWorkflow({ key, name, enabled, draft: graph }: Workflow): void {
  const file: WorkflowFile = { key, name, enabled, graph }
  const blob = new Blob([`${JSON.stringify(file, undefined, 2)}\n`], { type: 'application/json' })
  const url = URL.createObjectURL(blob)
  Object.assign(document.createElement('a'), { href: url, download: `${key}.json` }).click()
  URL.revokeObjectURL(url)
}
