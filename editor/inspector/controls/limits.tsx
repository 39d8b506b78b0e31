import { isJsonObject } from '../../../nodes/contract/json.ts'
import { Input } from '../../parts/input.tsx'
import type { ControlProps } from '../control.ts'
import { Part, describedBy } from '../field-frame.tsx'
import { readBytes, sizeInWords } from '../sizes.ts'
import { useDraft } from './draft.ts'

/** How large a body may be. */
export function Limits({ id, value, onChange, issues }: ControlProps) {
  const settings = isJsonObject(value) ? value : {}
  const size: unknown = settings['bodyBytes']
  const [text, setText] = useDraft<unknown>(
    size,
    (next) => onChange(next === undefined ? undefined : { ...settings, bodyBytes: next }),
    {
      read: (written) => (written.trim() === '' ? undefined : (readBytes(written) ?? written.trim())),
      write: (bytes) => (typeof bytes === 'number' ? sizeInWords(bytes) : String(bytes)),
    },
  )
  return (
    <Part id={id} label="Largest body">
      <div className="flex items-center gap-2">
        <Input
          id={id}
          value={text}
          autoComplete="off"
          onChange={({ target }) => setText(target.value)}
          placeholder="As the sender needs"
          aria-describedby={describedBy(id)}
          aria-invalid={issues.length > 0}
          className="max-w-44 tabular-nums"
        />
        <span className="text-xs text-text-2 tabular-nums">
          {typeof size === 'number' ? `${size} bytes` : 'such as 512 KB, 5 MB'}
        </span>
      </div>
    </Part>
  )
}
