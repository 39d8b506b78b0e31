import { Check, Copy as CopyIcon } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from './button.tsx'

const shownMs = 1_500

interface CopyProps {
  /** A function where the text costs something to make. */
  readonly text: string | (() => string)
  readonly label?: string
}

/** Copies a text and says so. */
export function Copy({ text, label = 'Copy' }: CopyProps) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(typeof text === 'string' ? text : text())
    setCopied(true)
    setTimeout(() => setCopied(false), shownMs)
  }
  return (
    <IconButton label={copied ? 'Copied' : label} onClick={() => void copy()}>
      {copied ? <Check className="text-ok" /> : <CopyIcon />}
    </IconButton>
  )
}
