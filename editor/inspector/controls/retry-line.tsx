import { type PointerEvent, useRef } from 'react'
import { inWords, nearestNice } from '../durations.ts'
import { axisOf, momentsOf } from './retry-times.ts'

interface RetryLineProps {
  /** Before each attempt but the first. */
  readonly waits: readonly number[]
  readonly onWait: (at: number, seconds: number) => void
}

/**
 * The attempts on a line, to scale on a logarithmic axis. Each can be drawn to another moment; by keyboard the waits beside
 * the line do the same.
 */
export function RetryLine({ waits, onWait }: RetryLineProps) {
  const line = useRef<HTMLDivElement>(null)
  // The axis stays as it was while a moment is drawn along it.
  const held = useRef<ReturnType<typeof axisOf>>(undefined)
  const moments = momentsOf(waits)
  const axis = held.current ?? axisOf(moments.at(-1) ?? 0)

  const draw = (at: number) => (event: PointerEvent) => {
    const box = line.current?.getBoundingClientRect()
    if (box === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return
    const moment = axis.secondsAt((event.clientX - box.left) / box.width)
    onWait(at, nearestNice(Math.max(0, moment - (moments[at] ?? 0))))
  }
  const release = () => {
    held.current = undefined
  }
  return (
    <div className="px-2 pt-2 select-none" aria-hidden>
      <div ref={line} className="relative h-12">
        <div className="absolute inset-x-0 top-3 h-px bg-line-strong" />
        {axis.ticks.map((seconds) => (
          <span
            key={seconds}
            className="absolute top-3 flex -translate-x-1/2 flex-col items-center text-[11px] leading-4 whitespace-nowrap text-text-3"
            style={{ left: `${axis.placeOf(seconds) * 100}%` }}
          >
            <span className="h-1.5 w-px bg-line-strong" />
            <span className="mt-1">{inWords(seconds)}</span>
          </span>
        ))}
        <span className="absolute top-3 left-0 size-3 -translate-x-1/2 -translate-y-1/2 rounded-full bg-accent" />
        {waits.map((wait, at) => (
          <span
            // oxlint-disable-next-line no-array-index-key -- an attempt is its number
            key={at}
            title={`Attempt ${at + 2}: ${inWords(wait)} after the one before, ${inWords(moments[at + 1] ?? 0)} after the first`}
            className="absolute top-3 flex size-5 -translate-x-1/2 -translate-y-1/2 cursor-ew-resize touch-none items-center justify-center"
            style={{ left: `${axis.placeOf(moments[at + 1] ?? 0) * 100}%` }}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId)
              held.current = axis
            }}
            onPointerMove={draw(at)}
            onPointerUp={release}
            onPointerCancel={release}
          >
            <span className="size-3 rounded-full border-2 border-accent bg-surface-1 transition-transform duration-150 hover:scale-125" />
          </span>
        ))}
      </div>
    </div>
  )
}
