import { type NodeProps, useReactFlow } from '@xyflow/react'
import { type PointerEvent, memo, useState } from 'react'
import { type GraphNote, noteLengthMax } from '../../nodes/contract/graph.ts'
import { classes } from '../parts/classes.ts'
import { changeNote } from '../state/commands.ts'
import { useEditing } from '../workflows/editing.tsx'
import { noteSize } from './card.ts'
import { type NoteNode, domId } from './flow.ts'

/** A sticky note: its text is edited in place, a corner makes it larger or smaller. */
export const NoteCard = memo(function NoteCard({ data: { note }, selected }: NodeProps<NoteNode>) {
  const { document } = useEditing()
  const [editing, setEditing] = useState(note.text === '')
  const write = (text: string) =>
    document.getState().change((graph) => changeNote(graph, note.id, { text }), `note ${note.id}`)
  return (
    <div
      id={domId(note.id)}
      role="group"
      aria-label={`Note. ${note.text}`}
      onDoubleClick={(event) => {
        event.stopPropagation()
        setEditing(true)
      }}
      className={classes(
        'relative size-full rounded-md border bg-wait-soft text-sm text-text-1',
        selected ? 'border-accent ring-1 ring-accent' : 'border-wait/25',
      )}
    >
      {editing ? (
        <textarea
          aria-label="Text of the note"
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the person has just asked to write here
          autoFocus
          value={note.text}
          maxLength={noteLengthMax}
          placeholder="Write what the next person should know."
          onChange={({ target }) => write(target.value)}
          onBlur={() => setEditing(false)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return
            event.stopPropagation()
            event.currentTarget.closest<HTMLElement>('.react-flow')?.focus()
          }}
          className="nodrag nowheel size-full resize-none bg-transparent px-3 py-2 outline-none placeholder:text-text-3"
        />
      ) : (
        <p className="size-full overflow-hidden px-3 py-2 whitespace-pre-wrap wrap-anywhere">
          {note.text === '' ? <span className="text-text-3">Empty note</span> : note.text}
        </p>
      )}
      {selected && <Grip note={note} />}
    </div>
  )
})

/** Makes the note larger or smaller. */
function Grip({ note }: { readonly note: GraphNote }) {
  const { document, canvas } = useEditing()
  const flow = useReactFlow()
  const sizeAt = ({ clientX, clientY }: PointerEvent) => {
    const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY })
    return noteSize({ width: x - note.position.x, height: y - note.position.y })
  }
  return (
    <div
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId))
          canvas.getState().resize(note.id, sizeAt(event))
      }}
      onPointerUp={(event) => {
        canvas.getState().resize(note.id, undefined)
        document.getState().change((graph) => changeNote(graph, note.id, sizeAt(event)))
      }}
      onPointerCancel={() => canvas.getState().resize(note.id, undefined)}
      className="nodrag absolute -right-1.5 -bottom-1.5 size-6 cursor-nwse-resize touch-none after:absolute after:right-1 after:bottom-1 after:size-2.5 after:rounded-sm after:border after:border-accent after:bg-surface-1"
    />
  )
}
