import { type KeyboardEvent, type PointerEvent, type ReactNode, useState } from 'react'

const widthMin = 360
const widthMax = 480
const keyStep = 16
const storageKey = 'hookloom.inspector.width'

const within = (width: number) => Math.round(Math.min(widthMax, Math.max(widthMin, width)))

/** Beside the canvas, over it where the window is narrow. Its width is the person's and is kept in this browser. */
export function SidePanel({ children }: { readonly children: ReactNode }) {
  const [width, setWidth] = useState(() => within(Number(localStorage.getItem(storageKey) ?? 400)))
  const resize = (to: number) => {
    setWidth(within(to))
    localStorage.setItem(storageKey, String(within(to)))
  }
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const onPointerMove = ({ currentTarget, pointerId, clientX }: PointerEvent<HTMLDivElement>) => {
    if (!currentTarget.hasPointerCapture(pointerId)) return
    const { right } = currentTarget.parentElement?.getBoundingClientRect() ?? new DOMRect()
    resize(right - clientX)
  }
  const onSeparatorKey = (event: KeyboardEvent) => {
    const by = { ArrowLeft: keyStep, ArrowRight: -keyStep }[event.key]
    if (by === undefined) return
    event.preventDefault()
    resize(width + by)
  }
  return (
    <div
      id="inspector"
      style={{ width }}
      onKeyDown={(event) => {
        // What is open inside has had the key before.
        if (event.key !== 'Escape' || event.defaultPrevented) return
        // The canvas, which has the focus then, would go back one step more.
        event.preventDefault()
        focusCanvas()
      }}
      className="relative z-10 flex max-w-full shrink-0 flex-col border-l bg-surface-1 max-[900px]:absolute max-[900px]:inset-y-0 max-[900px]:right-0 max-[900px]:shadow-float"
    >
      {children}
      <div
        role="separator"
        tabIndex={0}
        aria-label="Width of the inspector"
        aria-orientation="vertical"
        aria-valuemin={widthMin}
        aria-valuemax={widthMax}
        aria-valuenow={width}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onKeyDown={onSeparatorKey}
        className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none hover:bg-accent/30 focus-visible:bg-accent/30"
      />
    </div>
  )
}

const focusCanvas = () => document.querySelector<HTMLElement>('.react-flow')?.focus()
