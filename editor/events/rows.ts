/** Walking through a list by keyboard: j and k or the arrows move, Enter opens, as a link does. */
import { type RefObject, useEffect, useRef } from 'react'

const steps: Readonly<Record<string, number>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }

/** Rows are the links inside the container that carry `data-row`. The keys work while nothing else has the focus. */
export function useRowKeys<E extends HTMLElement>(): RefObject<E | null> {
  const container = useRef<E>(null)
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return
      const rows = [...(container.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
      const next = nextRow(rows, event.key)
      if (next === undefined) return
      event.preventDefault()
      next.focus()
      next.closest('tr, li')?.scrollIntoView({ block: 'nearest' })
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [])
  return container
}

function nextRow(rows: readonly HTMLElement[], key: string): HTMLElement | undefined {
  const focused = document.activeElement
  const at = rows.findIndex((row) => row === focused)
  if (at === -1 && focused !== null && focused !== document.body) return undefined
  if (key === 'Home') return at === -1 ? undefined : rows[0]
  if (key === 'End') return at === -1 ? undefined : rows.at(-1)
  const step = steps[key]
  return step === undefined ? undefined : at === -1 ? rows[0] : rows[at + step]
}
