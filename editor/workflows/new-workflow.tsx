import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import type { Graph } from '../../nodes/contract/graph.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Input } from '../parts/input.tsx'
import { Trouble } from '../parts/states.tsx'

/** Where every workflow starts: the hook, with what the node type declares as its start. */
const start: Graph = {
  nodes: [{ id: 'hook', type: 'webhook', position: { x: 0, y: 0 }, data: { config: {} } }],
  edges: [],
}

interface NewWorkflowProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly onTemplates: () => void
}

export function NewWorkflow({ open, onOpenChange, onTemplates }: NewWorkflowProps) {
  const form = useId()
  const field = useId()
  const [name, setName] = useState('')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const create = useMutation({
    mutationFn: (name: string) => client.createWorkflow({ name, graph: start }),
    onSuccess: ({ id }) => {
      void queries.invalidateQueries({ queryKey: ['workflows'] })
      void navigate({ to: '/workflows/$id', params: { id }, search: { node: 'hook' } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') create.mutate(name.trim())
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(open) => {
        create.reset()
        setName('')
        onOpenChange(open)
      }}
      title="New workflow"
      about="It starts with a webhook node, and has its own URL from the first moment."
      width="sm"
      footer={
        <>
          <Button look="quiet" className="mr-auto -ml-2" onClick={onTemplates}>
            Choose a template instead
          </Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={create.isPending}
            disabled={name.trim() === ''}
          >
            Create
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-1.5">
        <label htmlFor={field} className="text-sm font-medium">
          Name
        </label>
        <Input
          id={field}
          value={name}
          onChange={({ target }) => setName(target.value)}
          placeholder="Push to Slack"
          maxLength={200}
          autoComplete="off"
          autoFocus
        />
        <Trouble error={create.error} />
      </form>
    </Dialog>
  )
}
