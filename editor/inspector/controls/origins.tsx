import { isOrigin } from '../../../nodes/contract/origin.ts'
import { TextArea } from '../../parts/input.tsx'
import type { ControlProps } from '../control.ts'
import { Messages, describedBy } from '../field-frame.tsx'
import { useDraft } from './draft.ts'

const linesOf = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((line) => line !== '')

/** Origins, one a line. */
export function Origins({ id, value, onChange }: ControlProps) {
  const list = Array.isArray(value) && value.length > 0 ? value.map(String) : undefined
  const [text, setText] = useDraft<readonly string[]>(list, onChange, {
    read: (written) => {
      const lines = linesOf(written)
      return lines.length === 0 ? undefined : lines
    },
    write: (lines) => lines.join('\n'),
  })
  const wrong = linesOf(text).filter((line) => !isOrigin(line))
  return (
    <>
      <TextArea
        id={id}
        rows={Math.min(6, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
        placeholder="https://shop.example.com"
        aria-describedby={describedBy(id)}
        aria-invalid={wrong.length > 0}
        className="font-mono"
      />
      <Messages
        messages={wrong
          .slice(0, 3)
          .map((line) => `“${line}” is no origin: it looks like https://shop.example.com.`)}
      />
    </>
  )
}
