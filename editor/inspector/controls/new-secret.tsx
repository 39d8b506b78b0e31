import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Eye, EyeOff } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { secretNamePattern } from '../../../nodes/contract/field.ts'
import { client } from '../../api/client.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Input } from '../../parts/input.tsx'
import { Trouble } from '../../parts/states.tsx'
import { Part, describedBy } from '../field-frame.tsx'

interface NewSecretProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly taken: readonly string[]
  readonly suggestion: string | undefined
  readonly onMade: (name: string) => void
}

const formId = 'new-secret'

/** A name and a text, stored encrypted; the text is never shown again. */
export const NewSecret = (props: NewSecretProps) => (
  <Dialog
    open={props.open}
    onOpenChange={props.onOpenChange}
    width="sm"
    title="New secret"
    about="Stored encrypted. Every workflow can use it by its name; nobody can read it again."
  >
    <Form {...props} />
  </Dialog>
)

function Form({ onOpenChange, taken, suggestion = '', onMade }: NewSecretProps) {
  const [name, setName] = useState(suggestion)
  const [value, setValue] = useState('')
  const [isShown, setShown] = useState(false)
  const queries = useQueryClient()
  const put = useMutation({
    mutationFn: () => client.putSecret(name, value),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['secrets'] })
      onMade(name)
      onOpenChange(false)
    },
  })
  const wrongName =
    name === '' || secretNamePattern.test(name)
      ? taken.includes(name)
        ? `There is a secret “${name}” already. Choose it from the list, or take another name.`
        : undefined
      : 'Starts with a letter; letters, digits, dashes and underscores; up to 64.'
  const isReady = name !== '' && value !== '' && wrongName === undefined
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The dialog is drawn elsewhere, but React lets its events rise to the form that opened it.
    event.stopPropagation()
    if (isReady) put.mutate()
  }
  return (
    <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
      <Part id="new-secret-name" label="Name" messages={wrongName === undefined ? [] : [wrongName]}>
        <Input
          id="new-secret-name"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={({ target }) => setName(target.value)}
          placeholder="GITHUB_WEBHOOK"
          aria-invalid={wrongName !== undefined}
          aria-describedby={describedBy('new-secret-name')}
          className="font-mono"
        />
      </Part>
      <Part id="new-secret-value" label="Text">
        <div className="flex gap-1">
          <Input
            id="new-secret-value"
            type={isShown ? 'text' : 'password'}
            autoComplete="new-password"
            spellCheck={false}
            value={value}
            onChange={({ target }) => setValue(target.value)}
            className="font-mono"
          />
          <IconButton label={isShown ? 'Hide the text' : 'Show the text'} onClick={() => setShown(!isShown)}>
            {isShown ? <EyeOff /> : <Eye />}
          </IconButton>
        </div>
      </Part>
      <Trouble error={put.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button type="submit" look="primary" disabled={!isReady} busy={put.isPending}>
          Store secret
        </Button>
      </div>
    </form>
  )
}
