import { Check, Copy as CopyIcon } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from './button.tsx'
import { copyText } from './copy-text.ts'

const shownMs = 1_500

interface CopyProps {
  /** A function where the text costs something to make. */
  readonly text: string | (() => string)
  readonly label?: string
  /** What can be copied has taken the place of what had the focus. */
  readonly autoFocus?: boolean
}

/** Copies a text and says so. */
export function Copy({ text, label = 'Copy', autoFocus = false }: CopyProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await copyText(typeof text === 'string' ? text : text())
    setCopied(true)
    setTimeout(() => setCopied(false), shownMs)
  }
  return (
    <IconButton autoFocus={autoFocus} label={copied ? 'Copied' : label} onClick={() => void copy()}>
      {copied ? <Check className="text-ok" /> : <CopyIcon />}
    </IconButton>
  )
}
