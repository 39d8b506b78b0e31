/**
 * The word on hover and focus: one for the whole page, which reads what `Tip` noted on the element. A tooltip of its own on
 * every button and every card would be 17 KB before the canvas can be used, and a dozen components for each.
 */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { Keys } from './keys.tsx'
import type { Side } from './tip.tsx'

const openAfterMs = 400
/** Time to come to the word itself, or to the next one, which then shows at once. */
const closeAfterMs = 150
const gapPx = 6
const marginPx = 8

export function Tips() {
  const anchor = useAnchor()
  return anchor === undefined ? null : createPortal(<Shown anchor={anchor} />, document.body)
}

function Shown({ anchor }: { readonly anchor: HTMLElement }) {
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const { tip: text = '', tipKeys: keys, tipSide: side } = anchor.dataset
  useLayoutEffect(() => {
    const tip = place.current
    if (tip === null) return
    const { x, y } = spot(anchor.getBoundingClientRect(), tip.getBoundingClientRect(), side)
    tip.style.left = `${x}px`
    tip.style.top = `${y}px`
  }, [anchor, side, text])
  useEffect(() => {
    // Said once where it is the element's name already.
    if (anchor.getAttribute('aria-label') === text) return undefined
    anchor.setAttribute('aria-describedby', id)
    return () => anchor.removeAttribute('aria-describedby')
  }, [anchor, id, text])
  return (
    <div
      ref={place}
      id={id}
      role="tooltip"
      className="fixed top-0 left-0 z-50 flex max-w-72 items-center gap-2 rounded-md border bg-surface-1 px-2 py-1 text-xs text-text-1 shadow-float"
    >
      <span className="line-clamp-6 wrap-anywhere">{text}</span>
      {keys !== undefined && <Keys keys={keys} />}
    </div>
  )
}

/** The element whose word is to be seen now. */
function useAnchor(): HTMLElement | undefined {
  const [anchor, setAnchor] = useState<HTMLElement>()
  const shown = useRef<HTMLElement>(undefined)
  useEffect(() => {
    let aimed: HTMLElement | undefined
    /** A pointer that rests comes over whatever moves below it: that closes no word that the focus has opened. */
    let isAimedByFocus = false
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = (next: HTMLElement | undefined) => {
      clearTimeout(timer)
      shown.current = next
      setAnchor(next)
    }
    const aim = (next: HTMLElement | undefined, afterMs: number) => {
      if (next === aimed) return
      aimed = next
      clearTimeout(timer)
      timer = setTimeout(() => show(next), afterMs)
    }
    const leave = () => aim(undefined, closeAfterMs)
    const onOver = ({ target, pointerType }: PointerEvent) => {
      if (pointerType === 'touch' || !(target instanceof Element)) return
      if (target.closest('[role=tooltip]') !== null) return aim(shown.current, 0)
      const next = target.closest<HTMLElement>('[data-tip]')
      if (next !== null) {
        isAimedByFocus = false
        aim(next, shown.current === undefined ? openAfterMs : 0)
      } else if (!isAimedByFocus) leave()
    }
    const onFocus = ({ target }: FocusEvent) => {
      if (
        target instanceof HTMLElement &&
        target.dataset['tip'] !== undefined &&
        target.matches(':focus-visible')
      ) {
        isAimedByFocus = true
        aim(target, 0)
      }
    }
    // What was pressed has been understood: its word is not wanted again before the pointer has been elsewhere.
    const dismiss = () => show(undefined)
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') dismiss()
    }
    const ending = new AbortController()
    const { signal } = ending
    addEventListener('pointerover', onOver, { signal })
    addEventListener('focusin', onFocus, { signal })
    addEventListener('focusout', leave, { signal })
    addEventListener('pointerdown', dismiss, { signal, capture: true })
    addEventListener('click', dismiss, { signal, capture: true })
    addEventListener('wheel', dismiss, { signal, capture: true, passive: true })
    addEventListener('keydown', onKeyDown, { signal, capture: true })
    return () => {
      clearTimeout(timer)
      ending.abort()
    }
  }, [])
  return anchor
}

/** Beside the element where there is room, else on its other side; within the window in any case. */
function spot(
  anchor: DOMRect,
  tip: DOMRect,
  side: string | undefined,
): { readonly x: number; readonly y: number } {
  const middle = {
    x: anchor.left + (anchor.width - tip.width) / 2,
    y: anchor.top + (anchor.height - tip.height) / 2,
  }
  const places: Readonly<Record<Side, { readonly x: number; readonly y: number; readonly fits: boolean }>> = {
    top: { x: middle.x, y: anchor.top - gapPx - tip.height, fits: anchor.top > tip.height + gapPx },
    bottom: { x: middle.x, y: anchor.bottom + gapPx, fits: innerHeight - anchor.bottom > tip.height + gapPx },
    left: { x: anchor.left - gapPx - tip.width, y: middle.y, fits: anchor.left > tip.width + gapPx },
    right: { x: anchor.right + gapPx, y: middle.y, fits: innerWidth - anchor.right > tip.width + gapPx },
  }
  const opposite = { top: 'bottom', bottom: 'top', left: 'right', right: 'left' } as const
  const wanted = side === 'top' || side === 'left' || side === 'right' ? side : 'bottom'
  const { x, y } = places[places[wanted].fits ? wanted : opposite[wanted]]
  const within = (at: number, length: number, all: number) =>
    Math.max(marginPx, Math.min(at, all - length - marginPx))
  return { x: within(x, tip.width, innerWidth), y: within(y, tip.height, innerHeight) }
}
