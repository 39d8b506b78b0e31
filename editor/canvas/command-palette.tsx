/** Everything that can be done here and everywhere that one can go, by typing. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { ChartNoAxesColumn, CircleSlash, Inbox, Play, Settings, Waypoints } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { client } from '../api/client.ts'
import { Keys } from '../parts/keys.tsx'
import { match } from '../parts/match.ts'
import { groupHeading, itemLook, listLook, searchLook } from './list-look.ts'

/** Something that a person can do on the canvas, by key, menu or palette. */
export interface Action {
  readonly id: string
  readonly label: string
  /** Each does it: `mod+shift+l`. */
  readonly keys: readonly string[]
  readonly group: string
  readonly isEnabled: boolean
  readonly run: () => void
}

const pages = [
  { to: '/workflows', label: 'Workflows', icon: Waypoints },
  { to: '/events', label: 'Events', icon: Inbox },
  { to: '/rejected', label: 'Rejected requests', icon: CircleSlash },
  { to: '/runs', label: 'Runs', icon: Play },
  { to: '/dashboard', label: 'Dashboard', icon: ChartNoAxesColumn },
  { to: '/settings', label: 'Settings', icon: Settings },
] as const

interface CommandPaletteProps {
  readonly actions: readonly Action[]
  readonly onClose: () => void
}

export function CommandPalette({ actions, onClose }: CommandPaletteProps) {
  const navigate = useNavigate()
  const { data: workflows } = useQuery({
    queryKey: ['workflows', 'names'],
    queryFn: () => client.workflows({ limit: 200 }),
  })
  const then = (act: () => void) => () => {
    onClose()
    act()
  }
  const byGroup = Map.groupBy(
    actions.filter(({ isEnabled }) => isEnabled),
    ({ group }) => group,
  )
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-black/35" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[14vh] left-1/2 z-40 w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-lg border bg-surface-1 shadow-float focus:outline-none"
        >
          <Dialog.Title className="sr-only">Commands</Dialog.Title>
          <Command
            label="Commands"
            loop
            filter={(_value, search, keywords = []) => match(search, ...keywords)}
          >
            <Command.Input autoFocus placeholder="Do, go to or open…" className={searchLook} />
            <Command.List className={`${listLook} max-h-[52vh]`} label="Commands">
              {[...byGroup].map(([group, members]) => (
                <Command.Group key={group} heading={<span className={groupHeading}>{group}</span>}>
                  {members.map(({ id, label, keys, run }) => (
                    <Command.Item
                      key={id}
                      value={`do ${id}`}
                      keywords={[label]}
                      onSelect={then(run)}
                      className={itemLook}
                    >
                      <span className="grow">{label}</span>
                      {keys[0] !== undefined && <Keys keys={keys[0]} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
              <Command.Group heading={<span className={groupHeading}>Go to</span>}>
                {pages.map(({ to, label, icon: Icon }) => (
                  <Command.Item
                    key={to}
                    value={`go ${to}`}
                    keywords={[label]}
                    onSelect={then(() => void navigate({ to }))}
                    className={itemLook}
                  >
                    <Icon className="size-4 text-text-3" aria-hidden />
                    {label}
                  </Command.Item>
                ))}
              </Command.Group>
              {workflows !== undefined && workflows.items.length > 0 && (
                <Command.Group heading={<span className={groupHeading}>Open a workflow</span>}>
                  {workflows.items.map(({ id, name, key }) => (
                    <Command.Item
                      key={id}
                      value={`open ${id}`}
                      keywords={[name, key]}
                      onSelect={then(() => void navigate({ to: '/workflows/$id', params: { id } }))}
                      className={itemLook}
                    >
                      <Waypoints className="size-4 text-text-3" aria-hidden />
                      <span className="truncate">{name}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Empty className="px-3 py-8 text-center text-sm text-text-2">
                Nothing here is called that.
              </Command.Empty>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
