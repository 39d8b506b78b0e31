import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download, Ellipsis, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { Button, IconButton } from '../parts/button.tsx'
import { Copy } from '../parts/copy.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Menu } from '../parts/menu.tsx'
import { Trouble } from '../parts/states.tsx'
import { useDocument, useEditing } from './editing.tsx'
import { exportWorkflow } from './export-file.ts'
import { saved, takeHead } from './head.ts'

/** What is done to a workflow now and then. */
export function WorkflowMenu() {
  const editing = useEditing()
  const [isRotating, setRotating] = useState(false)
  const file = useMutation({
    mutationFn: async () => {
      await saved(editing)
      // As the server has it: a secret that was typed here is a reference there.
      exportWorkflow(await client.workflow(editing.document.getState().head.id))
    },
  })
  return (
    <>
      <Menu
        items={[
          { label: 'Export as a file', icon: <Download />, onSelect: () => file.mutate() },
          {
            label: 'Rotate the hook URL…',
            icon: <RefreshCw />,
            danger: true,
            apart: true,
            onSelect: () => setRotating(true),
          },
        ]}
      >
        <IconButton label="More">
          <Ellipsis />
        </IconButton>
      </Menu>
      <Trouble error={file.error} />
      <RotateDialog open={isRotating} onOpenChange={setRotating} />
    </>
  )
}

interface RotateDialogProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

function RotateDialog({ open, onOpenChange }: RotateDialogProps) {
  const { document } = useEditing()
  const queries = useQueryClient()
  const { id, hook } = useDocument(({ head }) => head)
  const rotate = useMutation({
    mutationFn: async () => takeHead(document, await client.rotateHook(id)),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['workflows'] }),
  })
  const close = () => {
    onOpenChange(false)
    rotate.reset()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? onOpenChange(true) : close())}
      title={rotate.isSuccess ? 'This is the new hook URL' : 'Rotate the hook URL'}
      about={
        rotate.isSuccess
          ? 'Paste it where the events come from. The old one is answered with 404.'
          : 'The present URL stops working at once: whoever calls it gets 404, and nothing of that is kept. Use this when the URL got into wrong hands.'
      }
      width="sm"
      footer={
        rotate.isSuccess ? (
          <Button look="primary" onClick={close}>
            Done
          </Button>
        ) : (
          <>
            <Button autoFocus look="quiet" onClick={close}>
              Cancel
            </Button>
            <Button look="danger" busy={rotate.isPending} onClick={() => rotate.mutate()}>
              Rotate it
            </Button>
          </>
        )
      }
    >
      <div className="flex items-center gap-1 rounded-md border bg-surface-2 pl-2.5">
        <code
          className={
            rotate.isSuccess
              ? 'min-w-0 grow truncate text-xs'
              : 'min-w-0 grow truncate py-2 text-xs text-text-2'
          }
        >
          {hook.url}
        </code>
        {rotate.isSuccess && <Copy text={hook.url} label="Copy the hook URL" />}
      </div>
      <Trouble error={rotate.error} />
    </Dialog>
  )
}
