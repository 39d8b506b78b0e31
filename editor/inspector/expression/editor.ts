/** A CodeMirror editor for one of our languages. Loaded when the first one is shown. */
import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type Completion as Offer,
  type CompletionContext,
  type CompletionResult,
  type CompletionSource,
  completionKeymap,
  acceptCompletion,
} from '@codemirror/autocomplete'
import { defaultKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, setDiagnostics } from '@codemirror/lint'
import {
  Annotation,
  Compartment,
  EditorSelection,
  EditorState,
  type Extension,
  Prec,
} from '@codemirror/state'
import { EditorView, type KeyBinding, drawSelection, keymap, placeholder, tooltips } from '@codemirror/view'
import { patiently } from '../../parts/patiently.ts'
import { codeLook, colours, scriptColours } from './colours.ts'
import { type Language, type Option, complete } from './complete.ts'
import type { CursorTarget } from './cursor.ts'
import { pathIn } from './path-forms.ts'
import type { Shapes } from './shapes.ts'
import { templateParts } from './template.ts'
import { tokensOf } from './tokens.ts'

/** What is asked anew each time, because it changes while the editor stays. */
export interface EditorWorld {
  readonly shapes: () => Shapes
  readonly attributes: () => Readonly<Record<string, string>>
  readonly onChange: (text: string) => void
  readonly onUndo: () => void
  readonly onRedo: () => void
  readonly onFocus: () => void
}

export interface EditorOptions {
  readonly parent: HTMLElement
  readonly language: Language
  readonly lines: 'one' | 'many'
  /** Lines that there is room for from the beginning. */
  readonly room: number
  readonly text: string
  readonly empty: string
  readonly world: EditorWorld
}

export interface CodeEditor extends CursorTarget {
  /** Shows another text; the cursor stays as near as it can. */
  show(text: string): void
  /** Underlines what the messages point at. */
  point(messages: readonly string[]): void
  /** Reads the attributes again. */
  refresh(): void
  focus(from?: number, to?: number): void
  close(): void
}

const fromOutside = Annotation.define<boolean>()

export function openEditor({ parent, language, lines, room, text, empty, world }: EditorOptions): CodeEditor {
  parent.style.setProperty('--room', String(room))
  const script = new Compartment()
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        codeLook,
        drawSelection(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of(() => ({
          ...world.attributes(),
          ...(lines === 'one' && { 'aria-multiline': 'false' }),
        })),
        placeholder(empty),
        bracketMatching(),
        closeBrackets(),
        EditorState.languageData.of(() => [{ closeBrackets: { brackets: closing[language] } }]),
        tooltips({ parent: document.body, position: 'fixed' }),
        script.of([]),
        ...(language === 'javascript'
          ? [syntaxHighlighting(scriptColours), indentOnInput()]
          : [colours(language), completion([source(language, world)])]),
        ...(lines === 'one' ? [oneLine] : []),
        keymap.of([...undoKeys(world), ...closeBracketsKeymap, ...completionKeymap, ...tabKeys(language)]),
        keymap.of(defaultKeymap.filter(({ key }) => lines === 'many' || key !== 'Enter')),
        EditorView.updateListener.of(({ docChanged, state, transactions, focusChanged, view }) => {
          if (focusChanged && view.hasFocus) world.onFocus()
          if (docChanged && !transactions.some((each) => each.annotation(fromOutside)))
            world.onChange(state.doc.toString())
        }),
      ],
    }),
  })
  let closed = false
  if (language === 'javascript') void addScript()
  return {
    show(next) {
      const before = view.state.doc.toString()
      if (next !== before) view.dispatch({ ...difference(before, next), annotations: fromOutside.of(true) })
    },
    point(messages) {
      view.dispatch(
        setDiagnostics(
          view.state,
          messages.flatMap((message) => diagnostic(view.state, message)),
        ),
      )
    },
    refresh: () => view.dispatch({}),
    focus(from, to) {
      if (from !== undefined) view.dispatch({ selection: EditorSelection.single(from, to ?? from) })
      view.focus()
    },
    insert(path) {
      const { from, to } = view.state.selection.main
      const written = inPlace(language, view.state.doc.toString(), from, path)
      if (written === undefined) return false
      view.dispatch({
        changes: { from, to, insert: written },
        selection: { anchor: from + written.length },
        userEvent: 'input',
        scrollIntoView: true,
      })
      return true
    },
    close() {
      closed = true
      view.destroy()
    },
  }

  /** The grammar of JavaScript is half of all that is loaded: it comes by itself. */
  async function addScript(): Promise<void> {
    const { javascript, localCompletionSource, scopeCompletionSource } = await patiently(
      () => import('@codemirror/lang-javascript'),
    )
    if (closed) return
    const globals = scopeCompletionSource({ JSON, Math, Object, Array, Date, Number, String, Map, Set, URL })
    const sources = [source('javascript', world), localCompletionSource, globals]
    view.dispatch({
      effects: script.reconfigure([javascript().language, completion(sources)]),
    })
  }
}

const closing: Readonly<Record<Language, readonly string[]>> = {
  jsonata: ['(', '[', '{', "'", '"', '`'],
  // Text has apostrophes.
  template: ['{'],
  json: ['[', '{', '"'],
  javascript: ['(', '[', '{', "'", '"', '`'],
}

const oneLine = EditorState.transactionFilter.of((change) =>
  change.newDoc.lines > 1 && change.docChanged
    ? [
        change,
        {
          changes: {
            from: 0,
            to: change.newDoc.length,
            insert: change.newDoc.toString().replaceAll(/\s*\n\s*/g, ' '),
          },
          sequential: true,
        },
      ]
    : change,
)

/** There is one undo for the whole graph; a second one here would put its steps out of order. */
const undoKeys = ({ onUndo, onRedo }: EditorWorld): readonly KeyBinding[] =>
  [
    { key: 'Mod-z', act: onUndo },
    { key: 'Mod-y', act: onRedo },
    { key: 'Mod-Shift-z', act: onRedo },
  ].map(({ key, act }) => ({
    key,
    preventDefault: true,
    stopPropagation: true,
    run: () => {
      act()
      return true
    },
  }))

/** Tab takes the chosen completion, and indents scripts; else it goes on. Escape, then Tab always leaves. */
const tabKeys = (language: Language): readonly KeyBinding[] => [
  { key: 'Tab', run: acceptCompletion },
  ...(language === 'javascript' ? [indentWithTab] : []),
]

const completion = (sources: readonly CompletionSource[]): Extension =>
  Prec.high(
    autocompletion({
      override: sources,
      icons: false,
      interactionDelay: 0,
      activateOnTypingDelay: 50,
      maxRenderedOptions: 100,
    }),
  )

const source =
  (language: Language, { shapes }: EditorWorld) =>
  ({ state, pos, explicit }: CompletionContext): CompletionResult | null => {
    const text = state.doc.toString()
    const found = complete({ language, text, cursor: pos, shapes: shapes(), explicit })
    if (found === undefined) return null
    const lead = /^[.?`]*/.exec(text.slice(found.from, pos))?.[0] ?? ''
    return {
      from: found.from,
      to: found.to,
      options: found.options.map((option) => offer(option, lead)),
      // While a word grows the list is only narrowed: Enter then takes what is seen, however fast it comes.
      validFor: (typed) => typed.startsWith(lead) && /^[\w$]*$/.test(typed.slice(lead.length)),
    }
  }

const boosts: Readonly<Record<Option['kind'], number>> = {
  value: 90,
  path: 60,
  variable: 30,
  function: 0,
  keyword: 0,
}

/** @param lead what stands before the name when it is typed by hand: it does not keep the name from being found */
function offer({ text, name = text, kind, detail, about }: Option, lead: string): Offer {
  return {
    label: lead + name,
    displayLabel: name,
    ...(detail !== undefined && { detail }),
    ...(about !== undefined && { info: about }),
    boost: boosts[kind],
    apply: (view, _offer, from, to) => {
      const isCall = text.endsWith('()')
      const hasBrackets = isCall && view.state.sliceDoc(to, to + 1) === '('
      const insert = hasBrackets ? text.slice(0, -2) : text
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length + (hasBrackets ? 1 : isCall ? -1 : 0) },
        userEvent: 'input.complete',
      })
    },
  }
}

/** The path as it is written where the cursor stands. */
function inPlace(language: Language, text: string, at: number, path: string): string | undefined {
  if (language === 'jsonata') return path
  if (language === 'javascript') return pathIn('javascript', path)
  const isInside = templateParts(text).some(
    ({ kind, from, to }) => kind === 'expression' && from <= at && at <= to,
  )
  if (isInside) return path
  const isText =
    language === 'template' ||
    tokensOf(text).some(({ kind, from, to }) => kind === 'string' && from < at && at < to)
  const written = pathIn('template', path)
  return isText ? written : JSON.stringify(written)
}

/** The smallest change that makes one text the other, so that the cursor keeps its place. */
function difference(before: string, after: string) {
  let from = 0
  while (from < before.length && from < after.length && before[from] === after[from]) from += 1
  let same = 0
  while (
    same < before.length - from &&
    same < after.length - from &&
    before[before.length - 1 - same] === after[after.length - 1 - same]
  )
    same += 1
  return { changes: { from, to: before.length - same, insert: after.slice(from, after.length - same) } }
}

/** A message that says where; one that does not underlines nothing. */
function diagnostic(state: EditorState, message: string): readonly Diagnostic[] {
  const [, lineText, columnText = '1'] = /\bline (\d+)(?:, column (\d+))?/.exec(message) ?? []
  const number = Number(lineText)
  if (lineText === undefined || number < 1 || number > state.doc.lines) return []
  const line = state.doc.line(number)
  const at = Math.min(line.to, line.from + Number(columnText) - 1)
  const word = state.wordAt(at)
  const [from, to] =
    word === null ? [Math.max(line.from, Math.min(at, line.to - 1)), at + 1] : [word.from, word.to]
  return [{ from, to: Math.min(Math.max(to, from), state.doc.length), severity: 'error', message }]
}
