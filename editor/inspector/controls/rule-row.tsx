import { X } from 'lucide-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import {
  type Comparison,
  type Rule,
  type RuleOperator,
  ruleOperators,
} from '../../../nodes/contract/rules.ts'
import { IconButton } from '../../parts/button.tsx'
import { classes } from '../../parts/classes.ts'
import { Input, Select, TextArea } from '../../parts/input.tsx'
import { openCursor, takeCursor } from '../expression/cursor.ts'
import { pathIn } from '../expression/path-forms.ts'
import { useDraft } from './draft.ts'
import { readScalar, valueText, withOperator, withValue, wrapped } from './rule-edit.ts'
import type { RuleWorld } from './rule-group.tsx'

interface RuleRowProps extends RuleWorld {
  readonly rule: Comparison
  readonly negated: boolean
  readonly invalid: boolean
  readonly onChange: (rule: Rule | undefined) => void
}

const operatorNames = Object.keys(ruleOperators) as readonly RuleOperator[]

/** A field, how it is compared, and with what. */
export function RuleRow({ rule, negated, invalid, listId, samples, onChange }: RuleRowProps) {
  const change = (next: Comparison) => onChange(wrapped(next, negated))
  const fieldInput = useFieldCursor((field) => change({ ...rule, field }))
  const isList = rule.is === 'in-list' || rule.is === 'in-cidr'
  const [text, setText] = useDraft<Comparison>(rule, (next) => next !== undefined && change(next), {
    read: (written) => withValue(rule, written),
    write: valueText,
  })
  const sample = samples.get(rule.field)
  return (
    <div className="grid min-w-0 grid-cols-[1fr_auto] gap-1">
      <div className="flex min-w-0 flex-col gap-1">
        <Input
          {...fieldInput}
          list={listId}
          aria-label="Field"
          aria-invalid={invalid}
          autoComplete="off"
          spellCheck={false}
          value={rule.field}
          onChange={({ target }) => change({ ...rule, field: target.value })}
          placeholder="message.ref"
          className="font-mono"
        />
        <div className="grid grid-cols-[minmax(112px,2fr)_3fr] items-start gap-1">
          <Select
            aria-label="Comparison"
            value={rule.is}
            options={operatorNames.map((value) => ({ value, label: ruleOperators[value] }))}
            onChoose={(next) => {
              const operator = operatorNames.find((each) => each === next)
              if (operator !== undefined) change(withOperator(rule, operator))
            }}
          />
          {rule.is === 'exists' ? (
            <span />
          ) : isList ? (
            <TextArea
              aria-label="Values, one a line"
              rows={Math.min(6, Math.max(2, text.split('\n').length))}
              spellCheck={false}
              value={text}
              onChange={({ target }) => setText(target.value)}
              placeholder={rule.is === 'in-cidr' ? '192.0.2.0/24' : 'one a line'}
              className="min-h-8! font-mono"
            />
          ) : (
            <Input
              aria-label="Value"
              autoComplete="off"
              spellCheck={false}
              value={text}
              onChange={({ target }) => setText(target.value)}
              placeholder={placeholderOf(rule, sample)}
              className="font-mono"
            />
          )}
        </div>
      </div>
      <div className="flex flex-col gap-1">
        <IconButton label="Remove the rule" onClick={() => onChange(undefined)}>
          <X />
        </IconButton>
        <button
          type="button"
          aria-pressed={negated}
          aria-label="Not: the rule must not hold"
          onClick={() => onChange(wrapped(rule, !negated))}
          className={classes(
            'h-8 rounded-md px-1.5 text-xs transition-colors duration-150',
            negated
              ? 'bg-wait-soft font-medium text-wait'
              : 'text-text-3 hover:bg-surface-2 hover:text-text-1',
          )}
        >
          not
        </button>
      </div>
    </div>
  )
}

/** What the sample holds there, as somebody would type it. */
function placeholderOf({ is }: Comparison, sample: string | undefined): string {
  if (is === 'matches') return '^refs/heads/'
  if (sample === undefined || sample.endsWith('…')) return 'value'
  return sample.startsWith('"') ? sample.slice(1, -1) : String(readScalar(sample))
}

/** A value that is clicked in the data becomes the field of the row that had the focus last. */
function useFieldCursor(onField: (field: string) => void) {
  const write = useEffectEvent(onField)
  const target = useRef({
    insert: (path: string): boolean => {
      const field = pathIn('rule', path)
      if (field !== undefined) onInsert.current(field)
      return field !== undefined
    },
  })
  const onInsert = useRef<(field: string) => void>(() => undefined)
  useEffect(() => {
    onInsert.current = (field) => write(field)
    return openCursor(target.current)
  }, [])
  return { onFocus: () => takeCursor(target.current) }
}
