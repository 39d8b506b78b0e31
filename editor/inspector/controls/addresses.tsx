import { isCidr } from '../../../nodes/contract/address.ts'
import { TextArea } from '../../parts/input.tsx'
import type { ControlProps } from '../control.ts'
import { Messages, describedBy } from '../field-frame.tsx'
import { useDraft } from './draft.ts'

const linesOf = (text: string): readonly string[] =>
  text
    .split(/[\n,;]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

const read = (text: string): readonly string[] | undefined => {
  const lines = linesOf(text)
  return lines.length === 0 ? undefined : lines
}

/** Networks, one a line. */
export function Addresses({ id, value, onChange }: ControlProps) {
  const list = Array.isArray(value) && value.length > 0 ? value.map(String) : undefined
  const [text, setText] = useDraft<readonly string[]>(list, onChange, {
    read,
    write: (lines) => lines.join('\n'),
  })
  const wrong = linesOf(text).filter((line) => !isCidr(line))
  return (
    <>
      <TextArea
        id={id}
        rows={Math.min(8, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
        placeholder={'192.0.2.0/24\n2001:db8::/32'}
        aria-describedby={describedBy(id)}
        aria-invalid={wrong.length > 0}
        className="font-mono"
      />
      <Messages
        messages={wrong.slice(0, 3).map((line) => `“${line}” is no network: it looks like 192.0.2.0/24.`)}
      />
    </>
  )
}
