/**
 * Whether single keys do something (`/`, `g` and a letter): for people whom they get in the way of, as speech input does
 * (WCAG 2.1.4). Kept in this browser.
 */
import { useEffect, useSyncExternalStore } from 'react'

const storageKey = 'hookloom.single-keys'
const listeners = new Set<() => void>()

export const singleKeys = (): boolean => localStorage.getItem(storageKey) !== 'off'

export function allowSingleKeys(allowed: boolean): void {
  if (allowed) localStorage.removeItem(storageKey)
  else localStorage.setItem(storageKey, 'off')
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
export const useSingleKeys = (): boolean => useSyncExternalStore(subscribe, singleKeys)

/** Whether the key goes into a text, or to whatever has opened above the page. */
export const isTaken = ({ target, defaultPrevented, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  defaultPrevented ||
  ctrlKey ||
  metaKey ||
  altKey ||
  (target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input, textarea, select, [role=dialog], [role=menu]') !== null))

/** Does something on a single key, wherever the focus is on the page. */
export function useSingleKey(key: string, onKey: () => void): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== key || isTaken(event) || !singleKeys()) return
      event.preventDefault()
      onKey()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [key, onKey])
}
