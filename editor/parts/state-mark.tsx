import {
  Ban,
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  Filter,
  Loader,
  type LucideIcon,
  PauseCircle,
} from 'lucide-react'
import type { RunState } from '../../nodes/contract/api.ts'
import { classes } from './classes.ts'

/** Each differs in shape too, for people who do not see colours. */
const marks: Readonly<
  Record<RunState, { readonly icon: LucideIcon; readonly colour: string; readonly word: string }>
> = {
  accepted: { icon: CircleDashed, colour: 'text-text-3', word: 'Accepted' },
  queued: { icon: CircleDashed, colour: 'text-text-3', word: 'Queued' },
  running: { icon: Loader, colour: 'text-info', word: 'Running' },
  waiting: { icon: Clock, colour: 'text-wait', word: 'Waiting' },
  held: { icon: PauseCircle, colour: 'text-wait', word: 'Held' },
  succeeded: { icon: CircleCheck, colour: 'text-ok', word: 'Succeeded' },
  filtered: { icon: Filter, colour: 'text-text-3', word: 'Filtered' },
  failed: { icon: CircleX, colour: 'text-fail', word: 'Failed' },
  cancelled: { icon: Ban, colour: 'text-text-3', word: 'Cancelled' },
}

export const stateWord = (state: RunState): string => marks[state].word

/** What became of a run or a step: an icon, and its word unless `bare`. */
export function StateMark({ state, bare = false }: { readonly state: RunState; readonly bare?: boolean }) {
  const { icon: Icon, colour, word } = marks[state]
  return (
    <span className={classes('inline-flex items-center gap-1.5 whitespace-nowrap', colour)}>
      <Icon
        className={classes('size-4', state === 'running' && 'animate-spin')}
        {...(bare ? { role: 'img', 'aria-label': word } : { 'aria-hidden': true })}
      />
      {!bare && <span className="text-sm">{word}</span>}
    </span>
  )
}
