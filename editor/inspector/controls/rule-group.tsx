import { FolderPlus, Plus, X } from 'lucide-react'
import { type Rule, ruleOperators } from '../../../nodes/contract/rules.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { classes } from '../../parts/classes.ts'
import { Select } from '../../parts/input.tsx'
import { type Issue, issuesAt } from '../control.ts'
import { Messages } from '../field-frame.tsx'
import {
  type RuleGroup,
  changeAt,
  emptyRule,
  groupOf,
  isGroup,
  kindOf,
  membersOf,
  unwrapped,
  wrapped,
} from './rule-edit.ts'
import { RuleRow } from './rule-row.tsx'

export interface RuleWorld {
  /** The list of fields that are offered. */
  readonly listId: string
  readonly samples: ReadonlyMap<string, string>
}

interface RuleGroupProps extends RuleWorld {
  readonly group: RuleGroup
  readonly negated: boolean
  readonly depth: number
  readonly issues: readonly Issue[]
  /** `undefined`: nothing is left of it. */
  readonly onChange: (rule: Rule | undefined) => void
}

const depthMax = 8

const kinds = [
  { value: 'all', label: 'All of these hold' },
  { value: 'any', label: 'One of these holds' },
  { value: 'not all', label: 'Not all of these hold' },
  { value: 'not any', label: 'None of these holds' },
]

export function RuleGroupBox({ group, negated, depth, issues, onChange, ...world }: RuleGroupProps) {
  const kind = kindOf(group)
  const members = membersOf(group)
  const change = (next: RuleGroup) => onChange(wrapped(next, negated))
  const set = (at: number, rule: Rule | undefined) =>
    onChange(changeAt(wrapped(group, negated), [at], () => rule))
  const add = (rule: Rule) => change(groupOf(kind, [...members, rule]))
  const last = members.at(-1)
  const fresh = last !== undefined && 'field' in last ? { ...emptyRule, field: last.field } : emptyRule
  return (
    <fieldset
      className={classes(
        'flex min-w-0 flex-col gap-2',
        depth > 0 ? 'border-l-2 border-line-strong/50 pl-3' : 'rounded-lg border p-3',
      )}
    >
      <legend className="sr-only">{kinds.find(({ value }) => value === nameOf(kind, negated))?.label}</legend>
      <div className="flex items-center gap-1">
        <Select
          aria-label="How the rules of this group count"
          value={nameOf(kind, negated)}
          options={kinds}
          onChoose={(next) =>
            onChange(wrapped(groupOf(next.endsWith('all') ? 'all' : 'any', members), next.startsWith('not')))
          }
          className="h-7! w-auto! border-transparent! bg-surface-2! text-xs! font-medium"
        />
        <span className="grow" />
        {depth > 0 && (
          <IconButton label="Remove the group" onClick={() => onChange(undefined)}>
            <X />
          </IconButton>
        )}
      </div>
      <ul className="flex flex-col gap-3">
        {members.map((member, at) => {
          const { rule, negated: isNot } = unwrapped(member)
          const inside = under(issues, kind, at)
          return (
            // oxlint-disable-next-line no-array-index-key -- two rows may be alike in everything but their place
            <li key={at} className="flex flex-col gap-1">
              {isGroup(rule) ? (
                <RuleGroupBox
                  {...world}
                  group={rule}
                  negated={isNot}
                  depth={depth + 1}
                  issues={inside}
                  onChange={(next) => set(at, next)}
                />
              ) : (
                <>
                  <RuleRow
                    {...world}
                    rule={rule}
                    negated={isNot}
                    onChange={(next) => set(at, next)}
                    invalid={inside.length > 0}
                  />
                  <Messages messages={[...new Set(inside.map(({ message }) => message))]} />
                </>
              )}
            </li>
          )
        })}
      </ul>
      <div className="-ml-2 flex gap-1">
        <Button size="sm" look="quiet" icon={<Plus className="size-3.5" />} onClick={() => add(fresh)}>
          Rule
        </Button>
        {depth < depthMax && (
          <Button
            size="sm"
            look="quiet"
            icon={<FolderPlus className="size-3.5" />}
            onClick={() => add(groupOf(kind === 'all' ? 'any' : 'all', [fresh]))}
          >
            Group
          </Button>
        )}
      </div>
    </fieldset>
  )
}

const nameOf = (kind: 'all' | 'any', negated: boolean): string => (negated ? `not ${kind}` : kind)

/** Those about one member, its `not`s left out. */
function under(issues: readonly Issue[], kind: string, at: number): readonly Issue[] {
  let found = issuesAt(issues, `${kind}.${at}`)
  while (found.some(({ path }) => path === 'not' || path.startsWith('not.'))) found = issuesAt(found, 'not')
  return found
}

export const operators = Object.entries(ruleOperators).map(([value, label]) => ({ value, label }))
