import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Workflow, WorkflowSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Trouble } from '../parts/states.tsx'
import { plural } from '../parts/words.ts'
import { ImportedFile } from './imported-file.tsx'
import { type ReadFile, readWorkflowFile } from './workflow-file.ts'

/** What becomes of a file whose key is taken. */
export type Choice = 'replace' | 'beside'

interface ImportProps {
  readonly files: readonly File[]
  readonly existing: readonly WorkflowSummary[]
  readonly onClose: () => void
}

/** Shows what the files hold before anything is made of them. Loaded when there is something to import. */
export function Import({ files, existing, onClose }: ImportProps) {
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [choices, setChoices] = useState<Readonly<Record<number, Choice>>>({})
  const read = useQuery({
    queryKey: ['import', ...files.map(({ name, size, lastModified }) => [name, size, lastModified])],
    queryFn: () => Promise.all(files.map(readWorkflowFile)),
    gcTime: 0,
  })
  const fit = (read.data ?? []).filter(({ kind }) => kind === 'workflow')
  const holderOf = (file: ReadFile) =>
    file.kind === 'workflow' && file.workflow.key !== undefined
      ? existing.find(({ key }) => key === file.workflow.key)
      : undefined
  const undecided = (read.data ?? []).some(
    (file, n) => holderOf(file) !== undefined && choices[n] === undefined,
  )

  const bring = useMutation({
    mutationFn: async () => {
      const made: Workflow[] = []
      for (const [n, file] of (read.data ?? []).entries()) {
        if (file.kind !== 'workflow') continue
        const { key, name, enabled, graph } = file.workflow
        const holder = holderOf(file)
        made.push(
          holder === undefined
            ? await client.createWorkflow({ ...(key !== undefined && { key }), name, enabled, graph })
            : choices[n] === 'replace'
              ? await client.changeWorkflow(holder.id, { name, graph, revision: holder.revision })
              : await client.createWorkflow({ name, enabled, graph }),
        )
      }
      return made
    },
    onSettled: () => queries.invalidateQueries(),
    onSuccess: ([first, ...others]) => {
      if (first !== undefined && others.length === 0) {
        void navigate({ to: '/workflows/$id', params: { id: first.id } })
      } else onClose()
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={files.length === 1 ? 'Import a workflow' : `Import ${plural(files.length, 'file')}`}
      about="It becomes a draft. Nothing runs until you publish it."
      width="md"
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            busy={bring.isPending}
            disabled={fit.length === 0 || undecided}
            onClick={() => bring.mutate()}
          >
            {fit.length > 1 ? `Import ${plural(fit.length, 'workflow')}` : 'Import'}
          </Button>
        </>
      }
    >
      <ul className="flex flex-col gap-3">
        {read.data?.map((file, n) => (
          <ImportedFile
            key={`${n}-${file.name}`}
            file={file}
            holder={holderOf(file)}
            choice={choices[n]}
            onChoose={(choice) => setChoices({ ...choices, [n]: choice })}
          />
        ))}
      </ul>
      <div className="mt-3">
        <Trouble error={read.error ?? bring.error} />
      </div>
    </Dialog>
  )
}
