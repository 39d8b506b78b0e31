import { useState } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import { cut, visible } from './visible-text.ts'
import { count } from './words.ts'

const charactersAtFirst = 10_000
const charactersMore = 50_000

interface LongTextProps {
  readonly text: string
  readonly className?: string
  readonly atFirst?: number
}

/** A text as it is, a page at a time: a megabyte costs as much as a page. */
export function LongText({ text, className, atFirst = charactersAtFirst }: LongTextProps) {
  const [length, setLength] = useState(atFirst)
  const left = text.length - length
  return (
    <div className={classes('min-w-0', className)}>
      <pre className="font-mono text-xs break-all whitespace-pre-wrap">{visible(cut(text, length))}</pre>
      {left > 0 && (
        <div className="flex items-center gap-2 pt-1">
          <Button look="quiet" size="sm" onClick={() => setLength(length + charactersMore)}>
            Show more
          </Button>
          <span className="text-xs text-text-3">{count(left)} characters left</span>
        </div>
      )}
    </div>
  )
}
