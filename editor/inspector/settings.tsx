import { X } from 'lucide-react'
import type { Fields } from '../../nodes/contract/field.ts'
import { Button } from '../parts/button.tsx'
import { Messages } from './field-frame.tsx'
import { FieldRow } from './field.tsx'
import { useOpenNode } from './open-node.ts'
import { WebhookPanel } from './webhook-panel.tsx'

/** The settings of the open node, in the order of its declaration. */
export function Settings() {
  const node = useOpenNode()
  const { type, config, problems } = node
  const fields: Fields = type.fields
  const shows: Readonly<Record<string, ((saved: typeof config) => boolean) | undefined>> = type.shows ?? {}
  const names = Object.keys(fields).filter((name) => shows[name]?.(config) ?? true)
  const strange = Object.keys(config).filter((name) => !Object.hasOwn(fields, name))
  // What is not said at a field that is drawn is said here.
  const general = problems.filter(({ name }) => name === undefined || !names.includes(name))
  return (
    <div className="flex flex-col gap-5 px-4 pt-3 pb-8">
      {type.role === 'starts' && <WebhookPanel />}
      <div className="flex flex-col gap-2 empty:hidden">
        <Messages messages={general.map(({ message }) => message)} />
        {strange.map((name) => (
          <Button
            key={name}
            size="sm"
            icon={<X className="size-3.5" />}
            onClick={() => node.change(name, undefined)}
            className="self-start"
          >
            Remove “{name}”
          </Button>
        ))}
      </div>
      {names.map((name) => (
        <FieldRow key={name} name={name} />
      ))}
      {names.length === 0 && <p className="text-sm text-text-2">This node has nothing to set.</p>}
    </div>
  )
}
