import { useState } from 'react'

interface Form<T> {
  /** `undefined` for an empty text: the declared start holds. */
  readonly read: (text: string) => T | undefined
  readonly write: (value: T) => string
  /** What is not taken stays as it is typed and changes nothing; by default everything is taken. */
  readonly takes?: (value: T | undefined) => boolean
}

/**
 * The text of an input whose value is something else: `1.` stays as it is typed while the setting is 1. What the setting
 * becomes from outside (an undo) is shown.
 */
export function useDraft<T>(
  value: T | undefined,
  onChange: (value: T | undefined) => void,
  { read, write, takes = () => true }: Form<T>,
): readonly [text: string, setText: (text: string) => void] {
  const [draft, setDraft] = useState<{ readonly text: string; readonly of: T | undefined }>()
  const isCurrent = draft !== undefined && isSame(draft.of, value)
  return [
    isCurrent ? draft.text : value === undefined ? '' : write(value),
    (text) => {
      const next = read(text)
      const isTaken = takes(next)
      setDraft({ text, of: isTaken ? next : value })
      if (isTaken) onChange(next)
    },
  ]
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
