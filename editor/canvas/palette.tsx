/** What a graph is made of, to be dragged onto the canvas; a click adds it where `/` would. */
import { X } from 'lucide-react'
import { IconButton } from '../parts/button.tsx'
import { NodeIcon } from '../parts/node-icon.tsx'
import { Tip } from '../parts/tip.tsx'
import { put, whereToAdd } from './acts.ts'
import { bring } from './bring.ts'
import type { Editor } from './editor.ts'
import { grouped, kinds } from './kinds.ts'
import { groupHeading } from './list-look.ts'
import { show } from './shown.ts'

export function Palette({ editor }: { readonly editor: Editor }) {
  return (
    <section aria-label="Palette" className="flex h-full flex-col">
      <header className="flex h-11 shrink-0 items-center justify-between pr-2 pl-4">
        <h2 className="text-sm font-semibold">Nodes</h2>
        <IconButton label="Close the palette" side="right" onClick={() => show('palette', false)}>
          <X />
        </IconButton>
      </header>
      <div className="min-h-0 grow overflow-y-auto px-2 pb-2">
        {grouped(kinds).map(({ heading, members }) => (
          <div key={heading}>
            <h3 className={groupHeading}>{heading}</h3>
            <ul>
              {members.map(({ id, title, summary }) => (
                <li key={id}>
                  <Tip text={summary} side="right">
                    <button
                      type="button"
                      onPointerDown={(event) => bring(editor, event, { type: id })}
                      onClick={() => put(editor, { type: id, ...whereToAdd(editor) })}
                      className="flex h-8 w-full cursor-grab touch-pan-y items-center gap-2.5 rounded-md px-2 text-left text-sm select-none hover:bg-surface-2"
                    >
                      <NodeIcon type={id} />
                      {title}
                    </button>
                  </Tip>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <p className="shrink-0 border-t px-4 py-2.5 text-xs text-text-3">Drag, or click to add</p>
    </section>
  )
}
