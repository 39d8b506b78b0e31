import type { VerificationSettings } from '../../../nodes/contract/scheme.ts'
import { Input } from '../../parts/input.tsx'
import { type Issue, messagesAt } from '../control.ts'
import { Part } from '../field-frame.tsx'

type Parts = VerificationSettings['parts']

interface SignaturePartsProps {
  readonly id: string
  readonly parts: Parts
  readonly onChange: (parts: Parts) => void
  readonly issues: readonly Issue[]
}

const pieces = [
  { name: 'signature', label: 'Signature’s name', placeholder: 'v1' },
  { name: 'timestamp', label: 'Time’s name', placeholder: 't' },
  { name: 'separator', label: 'Between pieces', placeholder: ',' },
  { name: 'assign', label: 'Name and value', placeholder: '=' },
] as const

/** A header that is a list: `t=1700000000,v1=5257a8…`. */
export function SignatureParts({ id, parts, onChange, issues }: SignaturePartsProps) {
  const set = (name: string, text: string) => {
    const { signature = '', ...rest } = { ...parts, [name]: text === '' ? undefined : text }
    const others = Object.values(rest).some((each) => each !== undefined)
    onChange(signature === '' && !others ? undefined : { ...rest, signature })
  }
  return (
    <Part
      id={id}
      label="Where the header is a list of names and values, such as t=…,v1=…"
      messages={issues.filter(({ path }) => path === 'parts').map(({ message }) => message)}
    >
      <div className="grid grid-cols-2 gap-2">
        {pieces.map(({ name, label, placeholder }, at) => (
          <Part
            key={name}
            id={at === 0 ? id : `${id}-${name}`}
            label={label}
            messages={messagesAt(issues, `parts.${name}`)}
          >
            <Input
              id={at === 0 ? id : `${id}-${name}`}
              value={parts?.[name] ?? ''}
              spellCheck={false}
              onChange={({ target }) => set(name, target.value)}
              placeholder={placeholder}
              className="font-mono"
            />
          </Part>
        ))}
      </div>
    </Part>
  )
}
