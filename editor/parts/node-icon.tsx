import { Box, Braces, Clock, Code, Filter, type LucideIcon, Reply, Send, Split, Webhook } from 'lucide-react'
import { classes } from './classes.ts'
import { typeOf } from './node-words.ts'

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

/** The icon of a node type, and its group's colour as a class; a box for a type that is not known here. */
export function iconOf(type: string): { readonly icon: LucideIcon; readonly colour: string } {
  const declared = typeOf(type)
  return {
    icon: icons[declared?.icon ?? ''] ?? Box,
    colour: declared === undefined ? 'text-text-3' : colours[declared.group],
  }
}

export function NodeIcon({ type, className }: { readonly type: string; readonly className?: string }) {
  const { icon: Icon, colour } = iconOf(type)
  return <Icon aria-hidden className={classes('size-4 shrink-0', colour, className)} />
}
