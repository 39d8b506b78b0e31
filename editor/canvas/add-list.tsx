/** What can be added: every node type, found by what it is called, what it does and what its examples are about. */
import { Command } from 'cmdk'
import { Popover } from 'radix-ui'
import { useState } from 'react'
import type { Saved } from '../../nodes/contract/field.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { match } from '../parts/match.ts'
import { NodeIcon } from '../parts/node-icon.tsx'
import { groupHeading, itemLook, listLook, searchLook } from './list-look.ts'

interface AddListProps {
  /** On the screen: where the list opens. */
  readonly at: { readonly x: number; readonly y: number }
  /** The port that the new node will be connected to; then only what fits there is offered. */
  readonly fits?: { readonly source: string; readonly sourceHandle?: string | null }
  /** `config`: the settings of the example that was chosen. */
  readonly onChoose: (type: string, config?: Saved) => void
  readonly onClose: () => void
}

const groups = [
  ['trigger', 'Starts'],
  ['logic', 'Decides'],
  ['shape', 'Shapes'],
  ['send', 'Sends'],
] as const

const types: readonly AnyNodeType[] = Object.values(nodeTypes)

export function AddList({ at, fits, onChoose, onClose }: AddListProps) {
  const [search, setSearch] = useState('')
  const offered = types.filter(({ role }) => fits === undefined || role !== 'starts')
  const found = offered
    .map((type) => ({ type, score: scoreOf(type, search) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
  const examples = search.trim() === '' ? [] : offered.flatMap((type) => examplesOf(type, search))
  return (
    <ListAt at={at} label="Add a node" onClose={onClose}>
      <Command label="Add a node" shouldFilter={false} loop>
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder={fits === undefined ? 'Add a node…' : 'Connect to a new node…'}
          className={searchLook}
        />
        <Command.List className={listLook} label="Node types">
          {search.trim() === '' ? (
            groups.map(([group, heading]) => {
              const members = offered.filter((type) => type.group === group)
              return members.length === 0 ? null : (
                <Command.Group key={group} heading={<span className={groupHeading}>{heading}</span>}>
                  {members.map((type) => (
                    <TypeItem key={type.id} type={type} onChoose={onChoose} />
                  ))}
                </Command.Group>
              )
            })
          ) : (
            <>
              {found.map(({ type }) => (
                <TypeItem key={type.id} type={type} onChoose={onChoose} />
              ))}
              {examples.length > 0 && (
                <Command.Group heading={<span className={groupHeading}>Examples</span>}>
                  {examples.map(({ type, title, config }) => (
                    <Command.Item
                      key={`${type.id} ${title}`}
                      value={`${type.id} ${title}`}
                      onSelect={() => onChoose(type.id, config)}
                      className={itemLook}
                    >
                      <NodeIcon type={type.id} />
                      <span className="min-w-0 grow truncate">{title}</span>
                      <span className="shrink-0 text-xs text-text-3">{type.title}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Empty className="px-3 py-6 text-center text-sm text-text-2">
                No node does that. Try “send”, “only if” or “wait”.
              </Command.Empty>
            </>
          )}
        </Command.List>
      </Command>
    </ListAt>
  )
}

const TypeItem = ({ type, onChoose }: { readonly type: AnyNodeType } & Pick<AddListProps, 'onChoose'>) => (
  <Command.Item value={type.id} onSelect={() => onChoose(type.id)} className={itemLook}>
    <NodeIcon type={type.id} className="mt-0.5 self-start" />
    <span className="min-w-0 grow">
      <span className="block font-medium">{type.title}</span>
      <span className="line-clamp-2 text-xs text-text-2">{type.summary}</span>
    </span>
  </Command.Item>
)

/** Words that people use for what the declaration calls otherwise. */
const alsoCalled: Readonly<Record<string, string>> = {
  webhook: 'trigger start receive in url event',
  filter: 'if condition only when rule',
  switch: 'route branch case router else',
  transform: 'map jsonata reshape set edit message',
  script: 'javascript js code function',
  http: 'send post call api request slack discord teams fetch',
  delay: 'wait sleep later pause until',
  respond: 'answer reply return response',
}

const scoreOf = ({ id, title, summary, examples }: AnyNodeType, search: string): number =>
  match(search, title, alsoCalled[id] ?? id, summary, examples.map((example) => example.title).join(' '))

const examplesOf = (type: AnyNodeType, search: string) =>
  type.examples.flatMap(({ title, config }) =>
    match(search, title) > 0 ? [{ type, title, config: config as Saved }] : [],
  )

interface ListAtProps extends Pick<AddListProps, 'at' | 'onClose'> {
  readonly label: string
  readonly children: React.ReactNode
}

/** A list that opens at a point and keeps within the window; the focus goes back to where it came from. */
function ListAt({ at, label, onClose, children }: ListAtProps) {
  const [before] = useState(() => document.activeElement)
  return (
    <Popover.Root open onOpenChange={(open) => open || onClose()}>
      <Popover.Anchor className="pointer-events-none fixed size-0" style={{ left: at.x, top: at.y }} />
      <Popover.Portal>
        <Popover.Content
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={12}
          aria-label={label}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            if (document.activeElement === document.body && before instanceof HTMLElement) before.focus()
          }}
          className="z-40 w-80 overflow-hidden rounded-lg border bg-surface-1 shadow-float"
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
