import { Input } from '../../parts/input.tsx'
import { describedBy } from '../field-frame.tsx'
import type { ControlProps } from '../control.ts'

/** What follows the hook's URL. */
export const HookPath = ({ id, value, onChange, issues }: ControlProps) => (
  <Input
    id={id}
    value={typeof value === 'string' ? value : ''}
    autoComplete="off"
    spellCheck={false}
    onChange={({ target }) => onChange(target.value === '' ? undefined : target.value.trim())}
    placeholder="/orders/:id"
    aria-describedby={describedBy(id)}
    aria-invalid={issues.length > 0}
    className="font-mono"
  />
)
