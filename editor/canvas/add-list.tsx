/** What can be added: every node type, found by what it is called, what it does and what its examples are about. */
import { Command } from 'cmdk'
import { Popover } from 'radix-ui'
import { type PointerEvent, useState } from 'react'
import type { Saved } from '../../nodes/contract/field.ts'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { classes } from '../parts/classes.ts'
import { match } from '../parts/match.ts'
import { NodeIcon } from '../parts/node-icon.tsx'
import type { Brought } from './bring.ts'
import { grouped, kinds } from './kinds.ts'
import { groupHeading, itemLook, listLook, searchLook } from './list-look.ts'

interface AddListProps {
  /** On the screen: where the list opens. */
  readonly at: { readonly x: number; readonly y: number }
  /** The port that the new node will be connected to; then only what fits there is offered. */
  readonly fits?: { readonly source: string; readonly sourceHandle?: string | null }
  /** `config`: the settings of the example that was chosen. */
  readonly onChoose: (type: string, config?: Saved) => void
  /** The pointer went down on one: it may be dragged to where it is to stand. */
  readonly onDrag: (event: PointerEvent, brought: Brought) => void
  readonly onClose: () => void
}

export function AddList({ at, fits, onChoose, onDrag, onClose }: AddListProps) {
  const [search, setSearch] = useState('')
  const offered = kinds.filter(({ role }) => fits === undefined || role !== 'starts')
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
            grouped(offered).map(({ heading, members }) => (
              <Command.Group key={heading} heading={<span className={groupHeading}>{heading}</span>}>
                {members.map((type) => (
                  <TypeItem key={type.id} type={type} onChoose={onChoose} onDrag={onDrag} />
                ))}
              </Command.Group>
            ))
          ) : (
            <>
              {found.map(({ type }) => (
                <TypeItem key={type.id} type={type} onChoose={onChoose} onDrag={onDrag} />
              ))}
              {examples.length > 0 && (
                <Command.Group heading={<span className={groupHeading}>Examples</span>}>
                  {examples.map(({ type, title, config }) => (
                    <Command.Item
                      key={`${type.id} ${title}`}
                      value={`${type.id} ${title}`}
                      onSelect={() => onChoose(type.id, config)}
                      onPointerDown={(event) => onDrag(event, { type: type.id, config })}
                      className={classes(itemLook, dragLook)}
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

type TypeItemProps = { readonly type: AnyNodeType } & Pick<AddListProps, 'onChoose' | 'onDrag'>

const TypeItem = ({ type, onChoose, onDrag }: TypeItemProps) => (
  <Command.Item
    value={type.id}
    onSelect={() => onChoose(type.id)}
    onPointerDown={(event) => onDrag(event, { type: type.id })}
    className={classes(itemLook, dragLook)}
  >
    <NodeIcon type={type.id} className="mt-0.5 self-start" />
    <span className="min-w-0 grow">
      <span className="block font-medium">{type.title}</span>
      <span className="line-clamp-2 text-xs text-text-2">{type.summary}</span>
    </span>
  </Command.Item>
)

/** By finger it scrolls up and down, and is taken sideways. */
const dragLook = 'touch-pan-y select-none'

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
