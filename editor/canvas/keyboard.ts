/** From a key that is pressed to what is done: the one place where the canvas listens to the keyboard. */
import { type RefObject, useEffect } from 'react'
import { actions } from './actions.ts'
import type { Editor } from './editor.ts'

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** The key as actions name it: `mod+shift+z`. A sign that is typed with Shift (`?`) is itself. */
export function keysOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Pressed): string {
  // With Alt a Mac types another sign: the key itself is meant.
  const letter = altKey && /^Key[A-Z]$/.test(code) ? code.slice(3) : key
  const isSign = letter.length === 1 && letter.toLowerCase() === letter.toUpperCase()
  return [
    ...((isMac ? metaKey : ctrlKey) ? ['mod'] : []),
    ...(altKey ? ['alt'] : []),
    ...(shiftKey && !isSign ? ['shift'] : []),
    letter.toLowerCase(),
  ].join('+')
}

const byKeys = new Map(
  actions.flatMap((action) => action.keys.map((keys) => [keys.toLowerCase(), action] as const)),
)

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.closest('input, textarea, select, .cm-editor') !== null)

const isCovered = (): boolean => document.querySelector('[role=dialog], [role=menu]') !== null

/**
 * Obeys the keys of `actions` while the canvas has the focus, and a few of them everywhere on the page; what goes into a text
 * stays there.
 */
export function useKeyboard(editor: Editor, canvas: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      // What had the focus may have gone: the way back from nowhere leads to the canvas too.
      const isNowhere = document.activeElement === document.body && !isCovered()
      if (isNowhere && event.key === 'Escape' && !event.defaultPrevented) return editor.view.focus()
      const action = byKeys.get(keysOf(event))
      if (action === undefined || action.native || event.defaultPrevented || event.isComposing) return
      const hasFocus = canvas.current === document.activeElement
      if (isTyping(event.target) || (action.everywhere ? isCovered() : !hasFocus)) return
      if (!action.isEnabled(editor)) return
      event.preventDefault()
      action.run(editor)
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [editor, canvas])
}
