import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { TextArea } from '../parts/input.tsx'
import { AccentKeys } from '../parts/accent-keys.tsx'
import type { Sample } from '../state/sample.ts'
import { useGraph, useSample } from '../workflows/editing.tsx'
import { usePreview } from './preview.ts'
import { readJson, webhookOf } from './sample-choice.ts'

/** Above it a text field becomes slow; it is left to be pasted. */
const prefilledMax = 200_000

interface OwnJsonFormProps {
  readonly onUse: (sample: Sample) => void
  readonly onBack: () => void
}

/** One's own message, checked as it is typed. It starts with the sample in use. */
export function OwnJsonForm({ onUse, onBack }: OwnJsonFormProps) {
  const webhook = webhookOf(useGraph())
  const sample = useSample((state) => state.sample)
  const received = usePreview().get(webhook?.id ?? '')?.output
  const [text, setText] = useState(() => {
    const start = sample?.kind === 'message' ? sample.message : received
    const json = start === undefined ? '' : JSON.stringify(start, undefined, 2)
    return json.length > prefilledMax ? '' : json
  })
  const read = readJson(text)
  const use = () => read.ok && onUse({ kind: 'message', title: 'Your own JSON', message: read.value })
  return (
    <form
      className="flex min-h-0 flex-col gap-2 p-3"
      onSubmit={(event) => {
        event.preventDefault()
        use()
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          event.preventDefault()
          event.stopPropagation()
          use()
        }
      }}
    >
      <label className="flex min-h-0 flex-col gap-1.5 text-sm font-medium">
        Your own JSON
        <TextArea
          autoFocus
          spellCheck={false}
          value={text}
          onChange={({ target }) => setText(target.value)}
          aria-invalid={!read.ok}
          aria-describedby="own-json-says"
          className="h-64 resize-y font-mono !text-xs"
        />
      </label>
      <p id="own-json-says" role="status" className={read.ok ? 'text-sm text-ok' : 'text-sm text-text-2'}>
        {read.ok ? 'This is JSON.' : read.message}
      </p>
      <div className="flex justify-end gap-2">
        <Button look="quiet" onClick={onBack}>
          Back
        </Button>
        <Button look="primary" type="submit" disabled={!read.ok}>
          Use it <AccentKeys keys="mod+enter" />
        </Button>
      </div>
    </form>
  )
}
