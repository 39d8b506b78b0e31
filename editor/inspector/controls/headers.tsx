import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { isExpression, isSecretReference } from '../../../nodes/contract/field.ts'
import { Button, IconButton } from '../../parts/button.tsx'
import { classes } from '../../parts/classes.ts'
import { Input } from '../../parts/input.tsx'
import { type ControlProps, messagesAt } from '../control.ts'
import { Code } from '../expression/code.tsx'
import { templateExpression } from '../expression/template.ts'
import { useShapes } from '../expression/use-shapes.ts'
import { Messages } from '../field-frame.tsx'
import { ModeMenu } from '../mode-toggle.tsx'
import { type Mode, literalOf } from '../modes.ts'
import { type HeaderRow, headersOf, rowsOf, standsTwice, usualHeaders } from './header-rows.ts'
import { SecretPicker } from './secret.tsx'

interface HeadersProps extends ControlProps {
  /** Where requests are answered there are no expressions. */
  readonly plain?: boolean
}

/** Names and values; a value may hold `{{ JSONata }}`, be an expression, or a stored secret. */
export function Headers({ id, value, onChange, issues, plain = false }: HeadersProps) {
  const [drafts, setDrafts] = useState<readonly HeaderRow[]>([])
  // Rows that are the saved headers are kept as they are written; a change from outside takes their place.
  const isCurrent = JSON.stringify(headersOf(drafts) ?? {}) === JSON.stringify(value ?? {})
  const rows = isCurrent ? drafts : rowsOf(value)
  const change = (next: readonly HeaderRow[]) => {
    setDrafts(next)
    onChange(headersOf(next))
  }
  const set = (at: number, row: Partial<HeaderRow>) =>
    change(rows.map((each, other) => (other === at ? { ...each, ...row } : each)))
  return (
    <div className="flex flex-col gap-1.5">
      <datalist id={`${id}-names`}>
        {usualHeaders.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {rows.length > 0 && (
        <ul className="flex flex-col gap-1.5">
          {rows.map((row, at) => (
            // oxlint-disable-next-line no-array-index-key -- a name that is being written is no key
            <li key={at} className="flex flex-col gap-1">
              <Row
                id={`${id}-${at}`}
                names={`${id}-names`}
                row={row}
                plain={plain}
                onChange={(next) => set(at, next)}
                onRemove={() => change(rows.filter((_, other) => other !== at))}
              />
              <Messages
                messages={[
                  ...messagesAt(issues, row.name),
                  ...(standsTwice(rows, at) ? [`“${row.name}” stands twice: only one of them is sent.`] : []),
                ]}
              />
            </li>
          ))}
        </ul>
      )}
      <div>
        <Button
          size="sm"
          look="quiet"
          icon={<Plus className="size-3.5" />}
          onClick={() => setDrafts([...rows, { name: '', value: '' }])}
          className="-ml-2.5"
        >
          Add header
        </Button>
      </div>
    </div>
  )
}

interface RowProps {
  readonly id: string
  readonly names: string
  readonly row: HeaderRow
  readonly plain: boolean
  readonly onChange: (row: Partial<HeaderRow>) => void
  readonly onRemove: () => void
}

const modes: readonly Mode[] = ['fixed', 'expression', 'secret']

function Row({ id, names, row: { name, value }, plain, onChange, onRemove }: RowProps) {
  const [wanted, setWanted] = useState<Mode>()
  const shapes = useShapes()
  const mode = wanted ?? (isExpression(value) ? 'expression' : isSecretReference(value) ? 'secret' : 'fixed')
  const called = name === '' ? 'this header' : name
  const setMode = (next: Mode) => {
    setWanted(next === 'secret' ? next : undefined)
    const text = typeof value === 'string' ? value : ''
    if (next === 'expression') onChange({ value: { $: templateExpression(text) } })
    if (next === 'fixed') onChange({ value: isExpression(value) ? asText(value.$) : '' })
  }
  const set = (next: unknown) => {
    setWanted(undefined)
    onChange({ value: next ?? '' })
  }
  return (
    <div
      className={classes(
        'grid items-start gap-1',
        plain ? 'grid-cols-[minmax(124px,2fr)_3fr_auto]' : 'grid-cols-[minmax(124px,2fr)_3fr_auto_auto]',
      )}
    >
      <Input
        aria-label="Header name"
        list={names}
        autoFocus={name === '' && value === ''}
        autoComplete="off"
        spellCheck={false}
        value={name}
        onChange={({ target }) => onChange({ name: target.value.trim() })}
        placeholder="Name"
        className="px-2! font-mono text-xs!"
      />
      <div className="flex min-w-0 flex-col gap-1">
        {mode === 'secret' ? (
          <SecretPicker
            id={`${id}-secret`}
            label={`The secret of ${called}`}
            value={value}
            onChange={set}
            issues={[]}
            onlyStored
            compact
          />
        ) : plain ? (
          <Input
            aria-label={`Value of ${called}`}
            value={typeof value === 'string' ? value : ''}
            onChange={({ target }) => set(target.value)}
            placeholder="Value"
            className="px-2! font-mono text-xs!"
          />
        ) : (
          <Code
            key={mode}
            id={`${id}-value`}
            language={mode === 'expression' ? 'jsonata' : 'template'}
            lines="one"
            label={`Value of ${called}`}
            value={
              isExpression(value)
                ? value.$
                : typeof value === 'string'
                  ? value
                  : (JSON.stringify(value) ?? '')
            }
            onChange={(text) => set(mode === 'expression' ? { $: text } : text)}
            placeholder={mode === 'expression' ? 'JSONata' : 'Value'}
            shapes={shapes}
            messages={[]}
          />
        )}
      </div>
      {!plain && <ModeMenu label={`Value of ${called}`} modes={modes} mode={mode} onMode={setMode} />}
      <IconButton label={`Remove ${called}`} onClick={onRemove} className="-ml-1">
        <X />
      </IconButton>
    </div>
  )
}

/** What an expression says, as text: `"a"` is a, `id` is {{ id }}. */
function asText(source: string): string {
  const literal = literalOf(source)
  if (literal === undefined) return `{{ ${source} }}`
  return typeof literal === 'string' ? literal : JSON.stringify(literal)
}
