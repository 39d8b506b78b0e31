import type { Workflow } from '../../nodes/contract/api.ts'
import type { WorkflowFile } from '../../nodes/contract/workflow.ts'
import { saveFile } from '../parts/save-file.ts'

/**
 * Saves a workflow as the file that `hookloom apply` and *Import* read. Secrets are references in what the server tells, so
 * neither they nor the token are in it.
 */
export function exportWorkflow({ key, name, enabled, draft: graph }: Workflow): void {
  const file: WorkflowFile = { key, name, enabled, graph }
  saveFile(`${key}.json`, `${JSON.stringify(file, undefined, 2)}\n`)
}
