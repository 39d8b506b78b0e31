/** The place of the graph, with the palette beside it. */
import { ReactFlowProvider, type Viewport } from '@xyflow/react'
import { Suspense, lazy, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { patiently } from '../parts/patiently.ts'
import type { Point } from '../state/commands.ts'
import { graphOf } from '../state/document.ts'
import { publishAsked, useEditing } from '../workflows/editing.tsx'
import type { Editor } from './editor.ts'
import { useShown } from './shown.ts'
import { Surface } from './surface.tsx'
import { openingView, useView } from './view.ts'

const Palette = lazy(async () => ({ default: (await patiently(() => import('./palette.tsx'))).Palette }))

interface CanvasProps {
  /** Told once, when the graph can be seen: what stands around it waits for that. */
  readonly onDrawn: () => void
}

export const Canvas = ({ onDrawn }: CanvasProps) => (
  <ReactFlowProvider>
    <Room onDrawn={onDrawn} />
  </ReactFlowProvider>
)

/** Measures the place of the graph first, so that it is drawn once and where it is to be seen. */
function Room({ onDrawn }: CanvasProps) {
  const { document, canvas } = useEditing()
  const place = useRef<HTMLDivElement>(null)
  const surface = useRef<HTMLDivElement>(null)
  const hovered = useRef<Point>(undefined)
  const [opening, setOpening] = useState<Viewport>()
  const hasPalette = useShown('palette') ?? false
  const view = useView(surface, hovered)
  const editor = useMemo(
    (): Editor => ({
      document,
      canvas,
      view,
      publish: () => dispatchEvent(new Event(publishAsked)),
      inspect: focusInspector,
    }),
    [document, canvas, view],
  )
  useLayoutEffect(() => {
    const frame = place.current?.getBoundingClientRect()
    if (frame !== undefined) setOpening(openingView(graphOf(document.getState()), frame))
  }, [document])
  return (
    <div className="absolute inset-0 flex">
      {hasPalette && (
        <div className="z-10 w-48 shrink-0 border-r bg-surface-1 max-[900px]:absolute max-[900px]:inset-y-0 max-[900px]:left-0 max-[900px]:shadow-float">
          <Suspense>
            <Palette editor={editor} />
          </Suspense>
        </div>
      )}
      <div ref={place} className="relative min-w-0 grow">
        {opening !== undefined && <Surface {...{ editor, surface, hovered, opening, onDrawn }} />}
      </div>
    </div>
  )
}

/** What is written into comes before what is pressed. */
const focusable = ['input, select, textarea, [contenteditable=true]', 'button, [tabindex="0"]']

function focusInspector(): void {
  const inspector = document.getElementById('inspector')
  const [first] = focusable.flatMap((kind) => inspector?.querySelector<HTMLElement>(kind) ?? [])
  first?.focus()
}
