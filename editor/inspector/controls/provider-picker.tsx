import { Command } from 'cmdk'
import { Check, ChevronsUpDown, Search } from 'lucide-react'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { Provider } from '../../../nodes/contract/provider.ts'
import { providers } from '../../../nodes/providers/index.ts'
import { describedBy } from '../field-frame.tsx'
import { NamedIcon } from '../icons.tsx'

interface ProviderPickerProps {
  readonly id: string
  readonly chosen: string
  readonly onChoose: (id: string) => void
}

/** A provider says how its events are named; a way of one's own cannot. */
const groups = [
  { heading: 'Senders', holds: ({ type }: Provider) => type !== undefined },
  { heading: 'Any sender', holds: ({ type }: Provider) => type === undefined },
]

const words: Readonly<Record<string, string>> = {
  hmac: 'HMAC, ed25519 or RSA over what you say',
  bearer: 'Authorization: Bearer …',
  'api-key': 'The secret in a header or the query',
  basic: 'HTTP Basic',
  jwt: 'Signed by a key or a key set',
  none: 'Whoever knows the URL',
}

/** The sender, found by typing. */
export function ProviderPicker({ id, chosen, onChoose }: ProviderPickerProps) {
  const [open, setOpen] = useState(false)
  const provider = providers.get(chosen)
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        id={id}
        aria-label={`Sender: ${provider?.title ?? chosen}`}
        aria-describedby={describedBy(id)}
        className="flex h-9 w-full items-center gap-2 rounded-md border border-line-strong/60 bg-surface-1 px-2.5 text-left text-sm text-text-1 transition-colors duration-150 hover:border-line-strong"
      >
        <span className="text-text-2">
          <NamedIcon name={provider?.icon ?? ''} />
        </span>
        <span className="min-w-0 grow truncate">{provider?.title ?? chosen}</span>
        <ChevronsUpDown className="size-4 text-text-3" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          aria-label="Choose the sender"
          className="z-50 w-[max(var(--radix-popover-trigger-width),300px)] overflow-hidden rounded-lg border bg-surface-1 shadow-float"
        >
          <Command label="Senders" className="flex max-h-80 flex-col">
            <div className="flex items-center gap-2 border-b px-3">
              <Search className="size-4 text-text-3" aria-hidden />
              <Command.Input
                placeholder="Find a sender"
                className="h-10 w-full bg-transparent text-sm text-text-1 outline-none"
              />
            </div>
            <Command.List className="overflow-auto p-1">
              <Command.Empty className="px-3 py-6 text-center text-sm text-text-2">
                No sender of that name. Take “Any signature” and say how it signs.
              </Command.Empty>
              {groups.map(({ heading, holds }) => (
                <Command.Group
                  key={heading}
                  heading={heading}
                  className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-text-3"
                >
                  {Array.from(providers.values())
                    .filter(holds)
                    .map(({ id: each, title, icon }) => (
                      <Command.Item
                        key={each}
                        value={`${title} ${each}`}
                        onSelect={() => {
                          onChoose(each)
                          setOpen(false)
                        }}
                        className="flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 text-sm text-text-1 data-[selected=true]:bg-surface-2"
                      >
                        <span className="text-text-2">
                          <NamedIcon name={icon} />
                        </span>
                        <span className="shrink-0">{title}</span>
                        <span className="min-w-0 grow truncate text-xs text-text-3">{words[each]}</span>
                        {each === chosen && <Check className="size-4 text-accent" aria-label="chosen" />}
                      </Command.Item>
                    ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
