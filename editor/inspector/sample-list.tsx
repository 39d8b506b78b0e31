import { eventName } from '../events/event-name.ts'
import { Command } from 'cmdk'
import { Braces, Check, Inbox, SquarePen } from 'lucide-react'
import type { ReactNode } from 'react'
import { messageOf } from '../parts/states.tsx'
import { ago, bytes } from '../parts/words.ts'
import type { Sample } from '../state/sample.ts'
import { useGraph } from '../workflows/editing.tsx'
import { schemeOf, useProviderSamples, useRecentEvents } from './sample-choice.ts'
import { Named } from './sample-name.tsx'

interface SampleListProps {
  readonly current: Sample | undefined
  readonly onChoose: (sample: Sample) => void
  readonly onOwn: () => void
}

/** Recent events, the provider's examples, and the way to one's own. */
export function SampleList({ current, onChoose, onOwn }: SampleListProps) {
  const events = useRecentEvents()
  const samples = useProviderSamples(schemeOf(useGraph()))
  const currentEvent = current?.kind === 'event' ? current.event.id : undefined
  return (
    <Command loop className="flex min-h-0 flex-col" label="Samples">
      <Command.Input
        autoFocus
        placeholder="Find a sample by type…"
        className="h-10 shrink-0 border-b bg-transparent px-3 text-sm outline-none"
      />
      <Command.List className="max-h-96 min-h-0 overflow-auto p-1">
        <Command.Empty className="px-3 py-6 text-center text-sm text-text-3">
          No sample like that.
        </Command.Empty>
        <Group heading="Events of this workflow">
          {(events.data?.items ?? []).map((event) => (
            <Item
              key={event.id}
              value={`${eventName(event)} ${event.id}`}
              icon={<Inbox />}
              isCurrent={event.id === currentEvent}
              onSelect={() => onChoose({ kind: 'event', event })}
              aside={`${ago(event.receivedAt, Date.now())} · ${bytes(event.bodyBytes)}`}
            >
              {eventName(event)}
              {event.kind === 'test' && <span className="text-text-3"> · test</span>}
            </Item>
          ))}
        </Group>
        {events.data?.items.length === 0 && (
          <p className="px-2 pb-2 text-sm text-text-3">None yet. The first one appears here by itself.</p>
        )}
        {events.error !== null && <p className="px-2 pb-2 text-sm text-fail">{messageOf(events.error)}</p>}
        <Group heading="Examples">
          {samples.map((sample) => (
            <Item
              key={sample.kind === 'message' ? sample.title : ''}
              value={sample.kind === 'message' ? sample.title : ''}
              icon={<Braces />}
              isCurrent={sample === current}
              onSelect={() => onChoose(sample)}
            >
              <Named sample={sample} />
            </Item>
          ))}
          <Item
            value="Your own JSON"
            icon={<SquarePen />}
            isCurrent={current?.kind === 'message' && !samples.includes(current)}
            onSelect={onOwn}
          >
            Your own JSON…
          </Item>
        </Group>
      </Command.List>
    </Command>
  )
}

const Group = ({ heading, children }: { readonly heading: string; readonly children: ReactNode }) => (
  <Command.Group
    heading={heading}
    className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-text-3"
  >
    {children}
  </Command.Group>
)

interface ItemProps {
  readonly value: string
  readonly icon: ReactNode
  readonly isCurrent: boolean
  readonly onSelect: () => void
  readonly aside?: string
  readonly children: ReactNode
}

const Item = ({ value, icon, isCurrent, onSelect, aside, children }: ItemProps) => (
  <Command.Item
    value={value}
    onSelect={onSelect}
    className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-2 text-sm text-text-1 data-[selected=true]:bg-surface-2 [&_svg]:size-3.5 [&_svg]:shrink-0 [&_svg]:text-text-3"
  >
    {icon}
    <span className="min-w-0 grow truncate">{children}</span>
    {aside !== undefined && <span className="shrink-0 text-xs text-text-3 tabular-nums">{aside}</span>}
    {isCurrent && <Check aria-label="in use" className="!text-accent" />}
  </Command.Item>
)
