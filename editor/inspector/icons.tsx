/** The icons that declarations name, and a plain one for what is not known here. */
import {
  BadgeCheck,
  Braces,
  CircleHelp,
  Clock,
  Code,
  CreditCard,
  Filter,
  GitBranch,
  GitMerge,
  Hash,
  Key,
  KeyRound,
  LockOpen,
  type LucideIcon,
  MessageCircle,
  PenLine,
  Reply,
  Send,
  ShoppingBag,
  Split,
  UserRound,
  Webhook,
} from 'lucide-react'
import type { AnyNodeType } from '../../nodes/contract/node.ts'
import { classes } from '../parts/classes.ts'

/** Lucide has no brands: those whose mark it lacks get a thing that stands for what they do. */
const icons: Readonly<Record<string, LucideIcon>> = {
  'badge-check': BadgeCheck,
  braces: Braces,
  clock: Clock,
  code: Code,
  'credit-card': CreditCard,
  filter: Filter,
  github: GitBranch,
  gitlab: GitMerge,
  key: Key,
  'key-round': KeyRound,
  'lock-open': LockOpen,
  'message-circle': MessageCircle,
  'pen-line': PenLine,
  reply: Reply,
  send: Send,
  'shopping-bag': ShoppingBag,
  slack: Hash,
  split: Split,
  'user-round': UserRound,
  webhook: Webhook,
}

export function NamedIcon({ name, className }: { readonly name: string; readonly className?: string }) {
  const Icon = icons[name] ?? CircleHelp
  return <Icon aria-hidden className={className ?? 'size-4'} />
}

const tiles = {
  trigger: 'bg-trigger/12 text-trigger',
  logic: 'bg-logic/12 text-logic',
  shape: 'bg-shape/12 text-shape',
  send: 'bg-send/12 text-send',
} as const satisfies Record<AnyNodeType['group'], string>

/** The icon of a node type on the colour of its group. */
export const TypeTile = ({
  type: { icon, group },
}: {
  readonly type: Pick<AnyNodeType, 'icon' | 'group'>
}) => (
  <span className={classes('flex size-8 shrink-0 items-center justify-center rounded-md', tiles[group])}>
    <NamedIcon name={icon} className="size-[18px]" />
  </span>
)
