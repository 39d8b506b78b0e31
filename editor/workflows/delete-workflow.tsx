import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Trouble } from '../parts/states.tsx'

interface DeleteWorkflowProps {
  /** Absent = closed. */
  readonly workflow: WorkflowSummary | undefined
  readonly onClose: () => void
  readonly onExport: (workflow: WorkflowSummary) => void
}

/** Asks once, and says what goes with it. */
export function DeleteWorkflow({ workflow, onClose, onExport }: DeleteWorkflowProps) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: (id: string) => client.deleteWorkflow(id),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries()
    },
  })
  if (workflow === undefined) return null
  const close = () => {
    remove.reset()
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={close}
      title={`Delete “${workflow.name}”?`}
      about="This cannot be undone."
      width="sm"
      footer={
        <>
          <Button look="quiet" className="mr-auto -ml-2" onClick={() => onExport(workflow)}>
            Export it first
          </Button>
          <Button autoFocus onClick={close}>
            Keep it
          </Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate(workflow.id)}>
            Delete workflow
          </Button>
        </>
      }
    >
      <p className="text-base text-text-2">With it go:</p>
      <ul className="mt-1 mb-3 list-disc pl-5 text-base text-text-2">
        <li>
          {workflow.version === null
            ? 'its draft, which was never published'
            : `its draft and its published versions, up to v${workflow.version}`}
        </li>
        <li>all events that it received, and all their runs</li>
        <li>its hook URL: whoever calls it gets 404</li>
      </ul>
      <p className="text-sm text-text-3">Its secrets stay; they are under Settings.</p>
      <Trouble error={remove.error} />
    </Dialog>
  )
}
