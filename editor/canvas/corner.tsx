/** In the quiet corners: what is done with a pointer where there is no keyboard, and where one is in a large graph. */
import { useStore as useFlow } from '@xyflow/react'
import { Command, LayoutGrid, Map as MapIcon, Maximize, Minus, Plus, WandSparkles } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../parts/button.tsx'
import { useDocument } from '../workflows/editing.tsx'
import { actions } from './actions.ts'
import type { Editor } from './editor.ts'
import { Overview } from './overview.tsx'
import { show, useShown } from './shown.ts'

/** A graph that is smaller fits on a screen. */
const mapFromNodes = 24

export function Corner({ editor }: { readonly editor: Editor }) {
  const isLarge = useDocument(({ history }) => history.present.nodes.length >= mapFromNodes)
  const hasMap = useShown('minimap') ?? isLarge
  const hasPalette = useShown('palette') ?? false
  return (
    <>
      <Group side="left">
        <Act editor={editor} id="add">
          <Plus />
        </Act>
        <Act editor={editor} id="palette" pressed={hasPalette}>
          <LayoutGrid />
        </Act>
        <Act editor={editor} id="tidy">
          <WandSparkles />
        </Act>
        <Act editor={editor} id="commands">
          <Command />
        </Act>
      </Group>
      <div className="pointer-events-none absolute right-3 bottom-3 z-5 flex flex-col items-end gap-2">
        {hasMap && <Overview />}
        <Group>
          <IconButton label="Minimap" side="top" pressed={hasMap} onClick={() => show('minimap', !hasMap)}>
            <MapIcon />
          </IconButton>
          <Act editor={editor} id="zoom-out">
            <Minus />
          </Act>
          <Zoom editor={editor} />
          <Act editor={editor} id="zoom-in">
            <Plus />
          </Act>
          <Act editor={editor} id="fit">
            <Maximize />
          </Act>
        </Group>
      </div>
    </>
  )
}

const Group = ({ side, children }: { readonly side?: 'left'; readonly children: ReactNode }) => (
  <div
    // A pointer leaves the focus with the canvas, so that its keys go on working.
    onMouseDown={(event) => event.preventDefault()}
    className={`pointer-events-auto flex items-center rounded-lg border bg-surface-1 ${side === 'left' ? 'absolute bottom-3 left-3 z-5' : ''}`}
  >
    {children}
  </div>
)

interface ActProps {
  readonly editor: Editor
  readonly id: string
  readonly pressed?: boolean
  readonly children: ReactNode
}

function Act({ editor, id, pressed, children }: ActProps) {
  const action = actions.find((action) => action.id === id)
  if (action === undefined) return null
  const [keys] = action.keys
  return (
    <IconButton
      label={action.label}
      side="top"
      {...(keys !== undefined && { keys })}
      {...(pressed !== undefined && { pressed })}
      onClick={() => action.run(editor)}
    >
      {children}
    </IconButton>
  )
}

function Zoom({ editor }: { readonly editor: Editor }) {
  const percent = useFlow(({ transform: [, , zoom] }) => Math.round(zoom * 100))
  return (
    <button
      type="button"
      aria-label={`Zoom is ${percent} %. Zoom to 100 %`}
      onClick={() => editor.view.zoomTo(1)}
      className="h-8 w-12 rounded-md text-xs text-text-2 tabular-nums hover:bg-surface-2 hover:text-text-1"
    >
      {percent} %
    </button>
  )
}
