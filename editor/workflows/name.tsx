import { useState } from 'react'
import { useDocument } from './editing.tsx'

const nameLengthMax = 200

/** The workflow's name, edited where it stands: Enter and leaving keep it, Esc takes it back. */
export function Name({ onChange }: { readonly onChange: (name: string) => void }) {
  const name = useDocument(({ head }) => head.name)
  const [text, setText] = useState<string>()
  const commit = () => {
    const next = text?.trim() ?? ''
    if (next !== '' && next !== name) onChange(next)
    setText(undefined)
  }
  return (
    <>
      <h1 className="sr-only">{name}</h1>
      <input
        aria-label="Name of the workflow"
        value={text ?? name}
        maxLength={nameLengthMax}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText(undefined)
          if (event.key === 'Enter' && !event.metaKey && !event.ctrlKey) event.currentTarget.blur()
        }}
        className="field-sizing-content h-8 max-w-72 min-w-24 truncate rounded-md border border-transparent bg-transparent px-2 text-base font-semibold text-text-1 transition-colors duration-150 hover:border-line focus:border-accent max-[1100px]:max-w-40"
      />
    </>
  )
}
