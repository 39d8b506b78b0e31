import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import type { Template } from '../../nodes/templates/index.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Trouble } from '../parts/states.tsx'
import { Drawing } from './drawing.tsx'
import { NeedField } from './need-field.tsx'
import { Services } from './services.tsx'

interface UseTemplateProps {
  readonly template: Template
  readonly onBack: () => void
  readonly onClose: () => void
}

/** What a template does and needs. Whatever is left empty stays a reference, and can be filled in later. */
export function UseTemplate({ template, onBack, onClose }: UseTemplateProps) {
  const { name, summary, services, graph, needs } = template
  const form = useId()
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const queries = useQueryClient()
  const navigate = useNavigate()
  const secrets = useQuery({ queryKey: ['secrets'], queryFn: client.secrets })
  const stored = new Set(secrets.data?.items.map(({ name }) => name))
  const use = useMutation({
    mutationFn: async () => {
      for (const { secret } of needs) {
        const value = values[secret]?.trim() ?? ''
        if (value !== '') await client.putSecret(secret, value)
      }
      return client.createWorkflow({ name, graph, publish: true })
    },
    onSuccess: ({ id }) => {
      void queries.invalidateQueries()
      void navigate({ to: '/workflows/$id', params: { id }, search: { node: 'hook' } })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    use.mutate()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={name}
      about={summary}
      width="lg"
      footer={
        <>
          <Button
            look="quiet"
            className="mr-auto -ml-2"
            icon={<ArrowLeft className="size-4" />}
            onClick={onBack}
          >
            All templates
          </Button>
          <Button type="submit" form={form} look="primary" busy={use.isPending}>
            Use this template
          </Button>
        </>
      }
    >
      <div className="flex h-40 items-center justify-center rounded-lg border bg-surface-0 px-6">
        <Drawing graph={graph} className="max-h-32 w-full" />
      </div>
      <Services names={services} className="mt-3" />
      <form id={form} onSubmit={submit} className="mt-5" autoComplete="off">
        <h3 className="text-base font-semibold">What only you know</h3>
        <p className="mb-4 text-sm text-text-2">
          Stored encrypted, as secrets, and never shown again. You can leave any of them for later: the
          workflow gets its URL at once.
        </p>
        <div className="flex flex-col gap-4">
          {needs.map((need, n) => (
            <NeedField
              key={need.secret}
              need={need}
              isStored={stored.has(need.secret)}
              autoFocus={n === 0}
              value={values[need.secret] ?? ''}
              onChange={(value) => setValues({ ...values, [need.secret]: value })}
            />
          ))}
        </div>
        <Trouble error={use.error} />
      </form>
    </Dialog>
  )
}
