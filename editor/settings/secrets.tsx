import { useQuery } from '@tanstack/react-query'
import { KeyRound, Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Secret } from '../../nodes/contract/api-house.ts'
import { client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'
import { Button, IconButton } from '../parts/button.tsx'
import { Failed } from '../parts/states.tsx'
import { DeleteSecret } from './delete-secret.tsx'
import { PutSecret } from './put-secret.tsx'
import { type Users, UsedBy } from './used-by.tsx'
import { useSecretUses } from './secret-uses.ts'

type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'replace'; readonly name: string }
  | { readonly kind: 'delete'; readonly name: string }

/** Drawn once they are known: see `Settings`. */
export function Secrets() {
  const secrets = useQuery({ queryKey: ['secrets'], queryFn: client.secrets })
  const uses = useSecretUses()
  const [open, setOpen] = useState<Open>()
  const usersOf = (name: string): Users => (typeof uses === 'object' ? (uses.get(name) ?? []) : uses)
  const close = () => setOpen(undefined)
  const items = secrets.data?.items.toSorted((one, other) => one.name.localeCompare(other.name)) ?? []

  if (secrets.isError && secrets.data === undefined) {
    return <Failed error={secrets.error} onRetry={() => void secrets.refetch()} />
  }
  return (
    <>
      {items.length > 0 ? (
        <ul className="-mt-2">
          {items.map((secret) => (
            <SecretRow
              key={secret.name}
              secret={secret}
              users={usersOf(secret.name)}
              onReplace={() => setOpen({ kind: 'replace', name: secret.name })}
              onDelete={() => setOpen({ kind: 'delete', name: secret.name })}
            />
          ))}
        </ul>
      ) : (
        <p className="flex items-start gap-2 text-sm text-text-2">
          <KeyRound className="mt-0.5 size-4 shrink-0 text-text-3" aria-hidden />
          Nothing here yet. Put in what a sender signs with, or what a target asks for: a token, a webhook
          URL.
        </p>
      )}
      <Button className="mt-4" icon={<Plus className="size-4" />} onClick={() => setOpen({ kind: 'add' })}>
        Add a secret
      </Button>
      {(open?.kind === 'add' || open?.kind === 'replace') && (
        <PutSecret
          {...(open.kind === 'replace' && { name: open.name })}
          taken={items.map(({ name }) => name)}
          onClose={close}
        />
      )}
      {open?.kind === 'delete' && (
        <DeleteSecret name={open.name} users={usersOf(open.name)} onClose={close} />
      )}
    </>
  )
}

interface SecretRowProps {
  readonly secret: Secret
  readonly users: Users
  readonly onReplace: () => void
  readonly onDelete: () => void
}

const SecretRow = ({ secret: { name, updatedAt }, users, onReplace, onDelete }: SecretRowProps) => (
  <li className="flex items-center gap-4 border-b py-2">
    <div className="min-w-0 grow">
      <p className="truncate">
        <code className="text-text-1">{name}</code>
      </p>
      <p className="text-sm text-text-2">
        Set <Ago at={updatedAt} />
        {users !== undefined && (
          <>
            {' '}
            · <UsedBy users={users} />
          </>
        )}
      </p>
    </div>
    <div className="flex">
      <IconButton label={`Replace the value of ${name}`} onClick={onReplace}>
        <Pencil />
      </IconButton>
      <IconButton label={`Delete ${name}`} onClick={onDelete}>
        <Trash2 />
      </IconButton>
    </div>
  </li>
)
