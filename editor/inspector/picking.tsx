/** What a click on a value does with its path, and where it is said. */
import { Check } from 'lucide-react'
import { useEffect, useState } from 'react'
import { copyText } from '../parts/copy-text.ts'
import { insertAtCursor } from './expression/cursor.ts'

const saidMs = 2_500

/**
 * `insert`: into the expression under the cursor; where there is none, it is copied. `said` is what was done, for a moment.
 */
export function usePicking() {
  const [said, setSaid] = useState<string>()
  useEffect(() => {
    if (said === undefined) return undefined
    const timer = setTimeout(() => setSaid(undefined), saidMs)
    return () => clearTimeout(timer)
  }, [said])

  const copy = (path: string) => {
    void copyText(path).then(
      () => setSaid(`Copied ${path}`),
      () => setSaid(`The browser did not let ${path} be copied.`),
    )
  }
  const insert = (path: string) => {
    if (insertAtCursor(path)) setSaid(`Inserted ${path}`)
    else copy(path)
  }
  return { insert, copy, said }
}

/** Its place is there before it says anything, so that it is read aloud. */
export const Said = ({ text }: { readonly text: string | undefined }) => (
  <span role="status" className="flex min-w-0 items-center gap-1 text-xs text-ok">
    {text !== undefined && (
      <>
        <Check className="size-3 shrink-0" aria-hidden />
        <span className="truncate">{text}</span>
      </>
    )}
  </span>
)
