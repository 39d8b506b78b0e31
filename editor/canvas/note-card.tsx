import { type NodeProps, NodeResizer } from '@xyflow/react'
import { memo, useState } from 'react'
import { classes } from '../parts/classes.ts'
import { changeNote } from '../state/commands.ts'
import { useEditing } from '../workflows/editing.tsx'
import { snap } from './card.ts'
import { type NoteNode, domId } from './flow.ts'

const noteLengthMax = 10_000

/** A sticky note: its text is edited in place, a corner makes it larger. */
export const NoteCard = memo(function NoteCard({ data: { note }, selected }: NodeProps<NoteNode>) {
  const { document, canvas } = useEditing()
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
        'size-full overflow-hidden rounded-md border bg-wait-soft text-sm text-text-1',
        selected ? 'border-accent ring-1 ring-accent' : 'border-wait/25',
      )}
    >
      <NodeResizer
        isVisible={selected}
        minWidth={96}
        minHeight={48}
        handleClassName="canvas-resize"
        lineClassName="canvas-resize-line"
        onResizeEnd={(_event, { x, y, width, height }) => {
          canvas.getState().resize(note.id, undefined)
          const position = { x: snap(x), y: snap(y) }
          const size = { width: snap(width), height: snap(height) }
          document.getState().change((graph) => changeNote(graph, note.id, { position, ...size }))
        }}
      />
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
    </div>
  )
})
