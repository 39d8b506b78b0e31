import { useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Trouble } from '../parts/states.tsx'
import { type Users, UsedBy } from './used-by.tsx'

interface DeleteSecretProps {
  readonly name: string
  readonly users: Users
  readonly onClose: () => void
}

/** Asks once, and says who would miss it. */
export function DeleteSecret({ name, users, onClose }: DeleteSecretProps) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => client.deleteSecret(name),
    onSuccess: () => {
      onClose()
      return queries.invalidateQueries({ queryKey: ['secrets'] })
    },
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Delete ${name}?`}
      about="This cannot be undone: its value cannot be read back."
      width="sm"
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            Keep it
          </Button>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete secret
          </Button>
        </>
      }
    >
      <p className="text-base text-text-2">
        {users === undefined || users === 'unknown' ? (
          'Whether a workflow uses it is not known. '
        ) : users.length === 0 ? (
          'No workflow uses it.'
        ) : (
          <>
            It is <UsedBy users={users} />.{' '}
          </>
        )}
        {users?.length !== 0 &&
          'A sender that it verifies is refused from then on, and a step that sends it fails.'}
      </p>
      <Trouble error={remove.error} />
    </Dialog>
  )
}
