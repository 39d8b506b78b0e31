import { Box, Braces, Clock, Code, Filter, type LucideIcon, Reply, Send, Split, Webhook } from 'lucide-react'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import { nodeTypes } from '../../nodes/index.ts'
import { classes } from './classes.ts'

/** Those that node types name; all of lucide would be half a megabyte. */
const icons: Readonly<Record<string, LucideIcon>> = {
  webhook: Webhook,
  filter: Filter,
  split: Split,
  braces: Braces,
  code: Code,
  send: Send,
  clock: Clock,
  reply: Reply,
}

const colours = {
  trigger: 'text-trigger',
  logic: 'text-logic',
  shape: 'text-shape',
  send: 'text-send',
} as const

const types: NodeTypes = nodeTypes

/** The icon of a node type in the colour of its group; a box for a type that is not known here. */
export function NodeIcon({ type, className }: { readonly type: string; readonly className?: string }) {
  const declared = Object.hasOwn(types, type) ? types[type] : undefined
  const Icon = icons[declared?.icon ?? ''] ?? Box
  const colour = declared === undefined ? 'text-text-3' : colours[declared.group]
  return <Icon aria-hidden className={classes('size-4 shrink-0', colour, className)} />
}
