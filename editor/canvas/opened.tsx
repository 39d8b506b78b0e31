/** What stands open over the graph; each part is loaded when it is asked for first. */
import { Suspense, lazy } from 'react'
import { useStore } from 'zustand'
import type { Opened as OpenedState } from '../state/canvas.ts'
import { patiently } from '../parts/patiently.ts'
import { loadToasts } from '../parts/tell.ts'
import { useEditing, useGraph } from '../workflows/editing.tsx'
import { actions } from './actions.ts'
import { put } from './acts.ts'
import { bring } from './bring.ts'
import type { Editor } from './editor.ts'
import { loadPieces } from './pieces.ts'

const loads = {
  add: () => import('./add-list.tsx'),
  commands: () => import('./command-palette.tsx'),
  shortcuts: () => import('./shortcuts.tsx'),
  find: () => import('./find.tsx'),
  connect: () => import('./connect-to.tsx'),
}
const AddList = lazy(async () => ({ default: (await patiently(loads.add)).AddList }))
const CommandPalette = lazy(async () => ({ default: (await patiently(loads.commands)).CommandPalette }))
const ShortcutSheet = lazy(async () => ({ default: (await patiently(loads.shortcuts)).ShortcutSheet }))
const ConnectTo = lazy(async () => ({ default: (await patiently(loads.connect)).ConnectTo }))
const Find = lazy(async () => ({ default: (await patiently(loads.find)).Find }))

/** Once the graph is there, what may be asked for next is loaded: then it opens at once, and offline too. */
export function loadSoon(): void {
  setTimeout(() => {
    for (const load of [...Object.values(loads), loadPieces, loadToasts]) void patiently<unknown>(load)
  }, soonMs)
}

const soonMs = 300

export function Opened({ editor }: { readonly editor: Editor }) {
  const { canvas } = useEditing()
  const opened = useStore(canvas, ({ opened }) => opened)
  return opened === undefined ? null : (
    <Suspense>
      <Layer opened={opened} editor={editor} />
    </Suspense>
  )
}

function Layer({ opened, editor }: { readonly opened: OpenedState; readonly editor: Editor }) {
  const graph = useGraph()
  const onClose = () => {
    editor.canvas.getState().open(undefined)
    // Whatever had the focus goes away now.
    setTimeout(editor.view.focus)
  }
  const bound = actions.map((action) => ({
    ...action,
    isEnabled: action.isEnabled(editor),
    run: () => action.run(editor),
  }))
  switch (opened.kind) {
    case 'add':
      return <Add opened={opened} editor={editor} onClose={onClose} />
    case 'connect':
      return <ConnectTo source={opened.source} onClose={onClose} />
    case 'commands':
      return <CommandPalette actions={bound} onClose={onClose} />
    case 'shortcuts':
      return <ShortcutSheet actions={bound} onClose={onClose} />
    default:
      return (
        <Find
          graph={graph}
          onClose={onClose}
          onGo={(nodeId) => {
            editor.canvas.getState().select([nodeId])
            editor.view.reveal(nodeId)
          }}
        />
      )
  }
}

interface AddProps {
  readonly opened: Extract<OpenedState, { kind: 'add' }>
  readonly editor: Editor
  readonly onClose: () => void
}

function Add({ opened: { at, position, link }, editor, onClose }: AddProps) {
  const graph = useGraph()
  const edge = link?.kind === 'into' ? graph.edges.find(({ id }) => id === link.edge) : link
  const fits =
    edge !== undefined && 'source' in edge
      ? { source: edge.source, sourceHandle: edge.sourceHandle ?? null }
      : undefined
  return (
    <AddList
      at={at}
      {...(fits && { fits })}
      onClose={onClose}
      onChoose={(type, config) => {
        onClose()
        put(editor, { type, config, position, link })
      }}
      onDrag={(event, brought) => bring(editor, event, { ...brought, link }, onClose)}
    />
  )
}
