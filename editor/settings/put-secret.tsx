import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { secretNamePattern } from '../../nodes/contract/field.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Input, TextArea } from '../parts/input.tsx'
import { Trouble } from '../parts/states.tsx'

interface PutSecretProps {
  /** Given = its value is replaced. */
  readonly name?: string
  /** What a new one may be called. */
  readonly suggestion?: string | undefined
  readonly taken: readonly string[]
  readonly onClose: () => void
  /** It is stored, and known by this name. */
  readonly onPut?: (name: string) => void
}

/** Adds a secret, or gives one another value. */
export function PutSecret({ name: given, suggestion = '', taken, onClose, onPut }: PutSecretProps) {
  const [form, nameField, nameHint, valueField] = [useId(), useId(), useId(), useId()]
  const [name, setName] = useState(given ?? suggestion)
  const [value, setValue] = useState('')
  const queries = useQueryClient()
  const put = useMutation({
    // What is copied from a terminal or a file brings a line break along that is not meant.
    mutationFn: () => client.putSecret(name, value.replace(/\r?\n$/, '')),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['secrets'] })
      onPut?.(name)
      onClose()
    },
  })
  const wrong = given === undefined ? whyNotNamed(name, taken) : undefined
  const isReady = name !== '' && wrong === undefined && value !== ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The dialog is drawn elsewhere, but React lets its events rise to a form that opened it.
    event.stopPropagation()
    if (isReady) put.mutate()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={given === undefined ? 'Add a secret' : `Replace ${given}`}
      about={
        given === undefined
          ? 'Nobody sees its value again once it is stored, you included.'
          : 'What uses it takes the new value from its next step on.'
      }
      width="sm"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form={form} look="primary" busy={put.isPending} disabled={!isReady}>
            {given === undefined ? 'Add' : 'Replace'}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} autoComplete="off" className="flex flex-col gap-4">
        {given === undefined && (
          <div className="flex flex-col gap-1">
            <label htmlFor={nameField} className="text-sm font-medium">
              Name
            </label>
            <Input
              id={nameField}
              value={name}
              onChange={({ target }) => setName(target.value.trim())}
              placeholder="SLACK_WEBHOOK_URL"
              aria-invalid={wrong !== undefined || undefined}
              aria-describedby={nameHint}
              autoComplete="off"
              spellCheck={false}
              autoFocus
              className="font-mono"
            />
            <div id={nameHint} className="text-sm">
              <Trouble error={wrong} />
            </div>
          </div>
        )}
        <div className="flex flex-col gap-1">
          <label htmlFor={valueField} className="text-sm font-medium">
            Value
          </label>
          <TextArea
            id={valueField}
            value={value}
            onChange={({ target }) => setValue(target.value)}
            autoComplete="off"
            spellCheck={false}
            autoFocus={given !== undefined}
            className="font-mono break-all"
          />
        </div>
        <Trouble error={put.error} />
      </form>
    </Dialog>
  )
}

function whyNotNamed(name: string, taken: readonly string[]): string | undefined {
  if (name === '') return undefined
  if (!secretNamePattern.test(name))
    return 'A name starts with a letter and has up to 64 letters, digits, dashes and underscores.'
  return taken.includes(name)
    ? 'There is a secret of this name. Choose it from the list, or take another name.'
    : undefined
}
