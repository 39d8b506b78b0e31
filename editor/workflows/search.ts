import { useNavigate } from '@tanstack/react-router'
import type { WorkflowSearch } from '../routes.tsx'

type Change = { readonly [K in keyof WorkflowSearch]?: WorkflowSearch[K] | undefined }

/** Changes what is open: the selected node, the shown run, draft or production. What is not named stays, `undefined` closes. */
export function useWorkflowSearch(): (change: Change) => void {
  const navigate = useNavigate({ from: '/workflows/$id' })
  return (change) =>
    void navigate({ to: '.', search: (before: WorkflowSearch) => merged(before, change), replace: true })
}

function merged(before: WorkflowSearch, change: Change): WorkflowSearch {
  const { node, run, show } = { ...before, ...change }
  return {
    ...(node !== undefined && { node }),
    ...(run !== undefined && { run }),
    ...(show !== undefined && { show }),
  }
}
