/** Every node type by what it is for, in the order in which a message meets them. */
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'

export const kinds: readonly AnyNodeType[] = Object.values(nodeTypes)

const headings = [
  ['trigger', 'Starts'],
  ['logic', 'Decides'],
  ['shape', 'Shapes'],
  ['send', 'Sends'],
] as const

/** Those of them that are offered, under their headings; a group without any is left out. */
export const grouped = (offered: readonly AnyNodeType[]) =>
  headings
    .map(([group, heading]) => ({ heading, members: offered.filter((type) => type.group === group) }))
    .filter(({ members }) => members.length > 0)
