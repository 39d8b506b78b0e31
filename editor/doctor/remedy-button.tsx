import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Remedy } from '../../nodes/contract/diagnosis.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Copy } from '../parts/copy.tsx'
import { Trouble } from '../parts/states.tsx'
import type { SettingRemedy } from './remedy.ts'

interface RemedyButtonProps {
  readonly remedy: Remedy
  /** Changes the draft's webhook node. */
  readonly onSetting: (remedy: SettingRemedy) => Promise<unknown>
  /** Opens what publishes the draft. */
  readonly onPublish: () => void
}

/** The change that can be made for the person. Accepting is not among them: its button stands beside. */
export function RemedyButton({ remedy, onSetting, onPublish }: RemedyButtonProps) {
  const queries = useQueryClient()
  const apply = useMutation({
    mutationFn: async () => {
      if (remedy.kind === 'setting') await onSetting(remedy)
      if (remedy.kind === 'secret') await client.rewriteSecret(remedy.name, remedy.rewrite)
    },
    onSuccess: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey }) => /^(secrets|diagnosis)$/.test(String(queryKey[0])),
      }),
  })
  if (remedy.kind === 'accept') return null
  if (remedy.kind === 'environment') {
    const setting = `${remedy.name}=${remedy.value}`
    return (
      <div className="flex min-w-0 items-center self-start rounded-md border bg-surface-1 pl-2.5">
        <code className="min-w-0 grow truncate text-xs select-all">{setting}</code>
        <Copy text={setting} label={remedy.label} />
      </div>
    )
  }
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Button
        size="sm"
        look="primary"
        busy={apply.isPending}
        onClick={() => (remedy.kind === 'publish' ? onPublish() : apply.mutate())}
      >
        {remedy.label}
      </Button>
      <Trouble error={apply.error} />
    </div>
  )
}
