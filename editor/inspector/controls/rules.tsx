import { Plus } from 'lucide-react'
import { useId, useMemo } from 'react'
import { type Rule, ruleSchema } from '../../../nodes/contract/rules.ts'
import { isJsonObject } from '../../../nodes/contract/json.ts'
import { portsOf } from '../../../nodes/contract/node.ts'
import { Button } from '../../parts/button.tsx'
import type { ControlProps, Issue } from '../control.ts'
import { Result } from '../expression/result.tsx'
import { ruleFields } from '../expression/rule-paths.ts'
import { useShapes } from '../expression/use-shapes.ts'
import { useOpenNode } from '../open-node.ts'
import { usePreview } from '../preview.ts'
import { asGroup, emptyRule } from './rule-edit.ts'
import { RuleGroupBox } from './rule-group.tsx'

/** Rows instead of a condition: groups of comparisons, in one another. */
export function Rules({ value, onChange, issues }: ControlProps) {
  const node = useOpenNode()
  const shapes = useShapes()
  const listId = useId()
  const fields = useMemo(() => ruleFields(shapes), [shapes])
  const step = usePreview().get(node.id)
  if (value === undefined) {
    const [first] = fields
    const start = first === undefined ? emptyRule : { ...emptyRule, field: first.path }
    return (
      <div>
        <Button
          size="sm"
          icon={<Plus className="size-3.5" />}
          onClick={() => onChange({ all: [start] } satisfies Rule)}
        >
          Add a rule
        </Button>
      </div>
    )
  }
  if (!isRule(value)) return <Unreadable onRemove={() => onChange(undefined)} />
  const ports = portsOf(node.type, node.config)
  return (
    <>
      <datalist id={listId}>
        {fields.map(({ path, value: sample }) => (
          <option key={path} value={path} label={sample} />
        ))}
      </datalist>
      <RuleGroupBox
        group={asGroup(value)}
        negated={false}
        depth={0}
        listId={listId}
        samples={new Map(fields.map(({ path, value: sample }) => [path, sample]))}
        issues={'all' in value || 'any' in value ? issues : inGroup(issues)}
        onChange={onChange}
      />
      {issues.length === 0 && <Result step={step} tells="port" portLabel={(port) => ports[port] ?? port} />}
    </>
  )
}

/** A single comparison is drawn as a group of one. */
const inGroup = (issues: readonly Issue[]): readonly Issue[] =>
  issues.map(({ path, message }) => ({ path: path === '' ? 'all.0' : `all.0.${path}`, message }))

/** A rule that may still be wrong in its parts, but whose rows can be drawn. */
function isRule(value: unknown): value is Rule {
  if (ruleSchema.safeParse(value).success) return true
  if (!isJsonObject(value)) return false
  const { all, any, not, field, is } = value
  if (Array.isArray(all)) return all.every(isRule)
  if (Array.isArray(any)) return any.every(isRule)
  return not === undefined ? typeof field === 'string' && typeof is === 'string' : isRule(not)
}

const Unreadable = ({ onRemove }: { readonly onRemove: () => void }) => (
  <div className="flex items-center justify-between gap-2 rounded-md bg-fail-soft px-3 py-2 text-xs text-fail">
    These rules have a form that cannot be shown as rows.
    <Button size="sm" onClick={onRemove}>
      Start anew
    </Button>
  </div>
)
