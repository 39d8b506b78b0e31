/** The secret by which a sender proves itself: pasted here, or made here to be pasted there. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { KeyRound, WandSparkles } from 'lucide-react'
import { useState } from 'react'
import { isSecretReference } from '../../nodes/contract/field.ts'
import type { GraphNode } from '../../nodes/contract/graph.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import type { Provider } from '../../nodes/contract/provider.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Copy } from '../parts/copy.tsx'
import { Input } from '../parts/input.tsx'
import { Trouble } from '../parts/states.tsx'
import { configure } from '../state/commands.ts'
import { useEditing } from '../workflows/editing.tsx'
import { Part } from './part.tsx'
import { freeSecretName, makeSecret } from './secret-name.ts'

interface HookSecretProps {
  readonly node: GraphNode
  readonly provider: Provider
}

export function HookSecret({ node, provider }: HookSecretProps) {
  const { verification } = node.data.config
  const secret = isJsonObject(verification) ? verification['secret'] : undefined
  const [isChanging, setChanging] = useState(false)
  const store = useStoreSecret(node, provider)
  const { data: known } = useQuery({ queryKey: ['secrets'], queryFn: () => client.secrets() })
  const isMissing =
    isSecretReference(secret) &&
    known !== undefined &&
    !known.items.some(({ name }) => name === secret.$secret)
  if (store.data?.isNew === true)
    return <MadeSecret name={store.data.name} value={store.data.value} provider={provider} />
  if (secret !== undefined && !isMissing && !isChanging) {
    return (
      <Part
        title="Secret"
        aside={
          // The form that had the focus is gone.
          <Button size="sm" look="quiet" autoFocus={store.isSuccess} onClick={() => setChanging(true)}>
            Change
          </Button>
        }
      >
        <p className="flex gap-2 text-sm text-text-2">
          <KeyRound className="mt-0.5 size-4 shrink-0 text-ok" aria-hidden />
          <span className="min-w-0">
            {isSecretReference(secret) ? (
              <>
                Stored as <code className="break-all text-text-1">{secret.$secret}</code>. It is never shown
                again.
              </>
            ) : (
              'Set. It is stored encrypted with the next save.'
            )}
          </span>
        </p>
      </Part>
    )
  }
  return (
    <SecretForm
      provider={provider}
      isAsked={isChanging}
      isBusy={store.isPending}
      error={store.error}
      onStore={(value) => store.mutate({ value, isNew: false }, { onSuccess: () => setChanging(false) })}
      onMake={() =>
        store.mutate({ value: makeSecret(), isNew: true }, { onSuccess: () => setChanging(false) })
      }
    />
  )
}

/** The name of the secret that the node refers to, whether or not there is one of that name. */
function referenceOf(node: GraphNode): string | undefined {
  const { verification } = node.data.config
  const secret = isJsonObject(verification) ? verification['secret'] : undefined
  return isSecretReference(secret) ? secret.$secret : undefined
}

/** Stores a value, and refers to it in the node. */
function useStoreSecret(node: GraphNode, provider: Provider) {
  const { document } = useEditing()
  const queries = useQueryClient()
  const secrets = useQuery({ queryKey: ['secrets'], queryFn: () => client.secrets() })
  return useMutation({
    mutationFn: async ({ value, isNew }: { readonly value: string; readonly isNew: boolean }) => {
      const { items } = secrets.data ?? (await client.secrets())
      const taken = new Set(items.map((item) => item.name))
      // A name that a template gave and that nobody has filled in yet is the one to fill in.
      const named = referenceOf(node)
      const name = named !== undefined && !taken.has(named) ? named : freeSecretName(provider.id, taken)
      await client.putSecret(name, value)
      return { name, value, isNew }
    },
    onSuccess: ({ name }) => {
      void queries.invalidateQueries({ queryKey: ['secrets'] })
      document.getState().change((graph) => {
        const before = graph.nodes.find(({ id }) => id === node.id)?.data.config['verification']
        const settings = isJsonObject(before) ? before : { scheme: provider.id }
        return configure(graph, node.id, 'verification', { ...settings, secret: { $secret: name } })
      })
    },
  })
}

interface SecretFormProps {
  readonly provider: Provider
  /** The person has just asked to write here. */
  readonly isAsked: boolean
  readonly isBusy: boolean
  readonly error: unknown
  readonly onStore: (value: string) => void
  readonly onMake: () => void
}

function SecretForm({ provider, isAsked, isBusy, error, onStore, onMake }: SecretFormProps) {
  const [value, setValue] = useState('')
  return (
    <Part title="Secret">
      <form
        className="flex flex-wrap gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          if (value !== '') onStore(value)
        }}
      >
        <Input
          type="password"
          autoComplete="off"
          autoFocus={isAsked}
          aria-label={`The secret of ${provider.title}`}
          placeholder={`Paste ${provider.title}’s secret`}
          value={value}
          onChange={({ target }) => setValue(target.value)}
          className="!w-0 min-w-36 grow"
        />
        <Button type="submit" disabled={value === ''} busy={isBusy}>
          Store
        </Button>
        {provider.secretIsOwn === true && (
          <Button icon={<WandSparkles className="size-4" aria-hidden />} busy={isBusy} onClick={onMake}>
            Generate one
          </Button>
        )}
      </form>
      <Trouble error={error} />
    </Part>
  )
}

interface MadeSecretProps {
  readonly name: string
  readonly value: string
  readonly provider: Provider
}

/** The only moment in which it can be read. */
const MadeSecret = ({ name, value, provider }: MadeSecretProps) => (
  <Part title="Secret">
    <div className="flex min-w-0 items-center rounded-md border bg-surface-2 pl-2.5">
      <code className="min-w-0 grow truncate text-xs select-all">{value}</code>
      <Copy autoFocus text={value} label="Copy the secret" />
    </div>
    <p className="text-sm text-text-2">
      Paste it at {provider.title} now: it is stored here as <code className="text-text-1">{name}</code> and
      not shown again.
    </p>
  </Part>
)
