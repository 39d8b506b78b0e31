import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { classes } from '../../parts/classes.ts'
import { patiently } from '../../parts/patiently.ts'
import { useEditing } from '../../workflows/editing.tsx'
import type { Language } from './complete.ts'
import { openCursor, takeCursor } from './cursor.ts'
import type { CodeEditor, openEditor } from './editor.ts'
import type { Shapes } from './shapes.ts'

export interface CodeProps {
  readonly id: string
  readonly language: Language
  readonly lines: 'one' | 'many'
  /** Lines that there is room for from the beginning. */
  readonly room?: number
  readonly value: string
  readonly onChange: (text: string) => void
  /** Its name; or `labelledBy`, the id of the element that holds it. */
  readonly label?: string
  readonly labelledBy?: string
  readonly describedBy?: string | undefined
  readonly placeholder?: string | undefined
  readonly shapes: Shapes
  /** What is wrong with the text. */
  readonly messages: readonly string[]
}

let opened: typeof openEditor | undefined
const load = async () => (opened ??= (await patiently(() => import('./editor.ts'))).openEditor)
// Most forms have a field for code: its editor comes right behind the first form.
void load()

const frame =
  'block w-full rounded-md border bg-surface-1 font-mono text-sm text-text-1 transition-colors duration-150'
const border = (isWrong: boolean) =>
  isWrong ? 'border-fail' : 'border-line-strong/60 hover:border-line-strong focus-within:border-accent'

/** Where the plain field's cursor was when the editor took its place. */
type Caret = readonly [from: number, to: number] | undefined

/** A field for code: a plain one until the editor is there, which takes over focus and cursor. */
export function Code(props: CodeProps) {
  const plain = useRef<HTMLTextAreaElement>(null)
  const [editor, setEditor] = useState<{
    readonly open: typeof openEditor | undefined
    readonly caret: Caret
  }>(() => ({ open: opened, caret: undefined }))
  useEffect(() => {
    let gone = false
    void load().then((open) => {
      const field = plain.current
      if (gone || field === null) return
      const hasFocus = field.ownerDocument.activeElement === field
      const caret: Caret = hasFocus ? [field.selectionStart, field.selectionEnd] : undefined
      // At once: a click or a letter between this look and the change would go to a field that is about to be gone.
      flushSync(() => setEditor({ open, caret }))
    })
    return () => {
      gone = true
    }
  }, [])
  const { id, lines, value, onChange, label, labelledBy, describedBy, placeholder, messages } = props
  if (editor.open !== undefined) return <Opened {...props} open={editor.open} caret={editor.caret} />
  return (
    <textarea
      ref={plain}
      id={id}
      rows={lines === 'one' ? 1 : 3}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      aria-label={label}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      aria-invalid={messages.length > 0}
      placeholder={placeholder}
      spellCheck={false}
      className={classes(
        frame,
        border(messages.length > 0),
        'resize-none px-2.5 py-[5px]',
        lines === 'many' && 'min-h-[72px]',
      )}
    />
  )
}

interface OpenedProps extends CodeProps {
  readonly open: typeof openEditor
  readonly caret: Caret
}

function Opened(props: OpenedProps) {
  const { id, language, lines, value, label, labelledBy, describedBy, placeholder = '', messages } = props
  const { document: graph } = useEditing()
  const parent = useRef<HTMLDivElement>(null)
  const editor = useRef<CodeEditor>(undefined)
  const onChange = useEffectEvent((text: string) => props.onChange(text))
  const shapes = useEffectEvent(() => props.shapes)
  const escaped = useRef(false)
  const hint = `${id}-keys`
  const attributes = useEffectEvent(() => ({
    id,
    ...(label !== undefined && { 'aria-label': label }),
    ...(labelledBy !== undefined && { 'aria-labelledby': labelledBy }),
    'aria-describedby': describedBy === undefined ? hint : `${describedBy} ${hint}`,
    'aria-invalid': String(messages.length > 0),
  }))

  const start = useEffectEvent((parent: HTMLElement): CodeEditor => {
    const made = props.open({
      parent,
      language,
      lines,
      room: props.room ?? (lines === 'one' ? 1 : 3),
      text: value,
      empty: placeholder,
      world: {
        shapes: () => shapes(),
        attributes: () => attributes(),
        onChange: (text) => onChange(text),
        onUndo: () => graph.getState().undo(),
        onRedo: () => graph.getState().redo(),
        onFocus: () => takeCursor(made),
      },
    })
    if (props.caret !== undefined) made.focus(...props.caret)
    return made
  })

  useLayoutEffect(() => {
    if (parent.current === null) return undefined
    const made = start(parent.current)
    editor.current = made
    const closeCursor = openCursor(made)
    return () => {
      closeCursor()
      made.close()
    }
  }, [language, lines])
  useLayoutEffect(() => editor.current?.show(value), [value])
  const said = messages.join('\n')
  useLayoutEffect(() => {
    editor.current?.point(said === '' ? [] : said.split('\n'))
    editor.current?.refresh()
  }, [said, describedBy, label, labelledBy])

  return (
    <div
      className={classes(
        frame,
        border(messages.length > 0),
        'focus-within:outline-2 focus-within:outline-accent/40',
      )}
      // Escape closes a list or lets Tab leave; the second one is for whatever stands around.
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !escaped.current) event.stopPropagation()
        escaped.current = event.key === 'Escape'
      }}
    >
      <div ref={parent} />
      <span id={hint} className="sr-only">
        Code editor. Ctrl+Space completes. Escape, then Tab leaves it; Escape twice goes back.
      </span>
    </div>
  )
}
