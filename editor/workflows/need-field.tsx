import { useId, useState } from 'react'
import type { Need } from '../../nodes/templates/index.ts'
import { Button } from '../parts/button.tsx'
import { Copy } from '../parts/copy.tsx'
import { Input } from '../parts/input.tsx'

interface NeedFieldProps {
  readonly need: Need
  /** There is a secret of this name: it is used unless another value is given. */
  readonly isStored: boolean
  readonly value: string
  readonly autoFocus: boolean
  readonly onChange: (value: string) => void
}

const placeholders = { url: 'https://', shared: '', token: '' } as const

/** A secret that a template needs. One that both sides may choose can be made up here, and copied to the other side. */
export function NeedField({
  need: { secret, label, help, kind },
  isStored,
  autoFocus,
  value,
  onChange,
}: NeedFieldProps) {
  const [field, hint] = [useId(), useId()]
  const [madeUp, setMadeUp] = useState(false)
  const makeUp = () => {
    onChange(randomText())
    setMadeUp(true)
  }
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-baseline gap-2">
        <label htmlFor={field} className="text-sm font-medium">
          {label}
        </label>
        <code className="ml-auto truncate text-text-3">{secret}</code>
      </div>
      <div className="flex gap-2">
        <Input
          id={field}
          type={kind === 'token' || (kind === 'shared' && !madeUp) ? 'password' : 'text'}
          value={value}
          onChange={({ target }) => onChange(target.value)}
          placeholder={isStored ? 'Stored already; empty keeps it' : placeholders[kind]}
          autoFocus={autoFocus}
          autoComplete="off"
          spellCheck={false}
          aria-describedby={hint}
          className="font-mono placeholder:font-sans"
        />
        {kind === 'shared' &&
          (madeUp && value !== '' ? (
            <Copy text={value} label={`Copy the ${label}`} />
          ) : (
            <Button onClick={makeUp}>Make one up</Button>
          ))}
      </div>
      <div id={hint} className="text-sm text-text-2">
        <p>{help}</p>
        {isStored && value !== '' && (
          <p className="text-wait">
            This takes the place of the stored value, for every workflow that uses it.
          </p>
        )}
      </div>
    </div>
  )
}

/** 256 bits, as text that every form takes. */
const randomText = (): string =>
  [...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
