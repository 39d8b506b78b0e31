/** The look of code: colours from the tokens, for what our own tokenizer reads and for JavaScript. */
import { HighlightStyle } from '@codemirror/language'
import { type EditorState, type Extension, type Range, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { Language } from './complete.ts'
import { templateParts } from './template.ts'
import { type TokenKind, tokensOf } from './tokens.ts'

const classOf: Readonly<Record<TokenKind, string>> = {
  name: 'code-name',
  quoted: 'code-name',
  variable: 'code-variable',
  string: 'code-string',
  number: 'code-number',
  regex: 'code-string',
  comment: 'code-comment',
  keyword: 'code-keyword',
  operator: 'code-operator',
  bracket: 'code-operator',
}
const marks = Object.fromEntries(
  Object.values(classOf).map((name) => [name, Decoration.mark({ class: name })]),
)
const braces = Decoration.mark({ class: 'code-braces' })
const inside = Decoration.mark({ class: 'code-inside' })

/** Text beyond this is shown without colours rather than slowly. */
const colouredMax = 100_000

export const colours = (language: Exclude<Language, 'javascript'>): Extension =>
  StateField.define<DecorationSet>({
    create: (state) => decorate(state, language),
    update: (before, change) => (change.docChanged ? decorate(change.state, language) : before),
    provide: (field) => EditorView.decorations.from(field),
  })

function decorate({ doc }: EditorState, language: Exclude<Language, 'javascript'>): DecorationSet {
  if (doc.length > colouredMax) return Decoration.none
  const source = doc.toString()
  const ranges: Range<Decoration>[] = []
  const add = (from: number, to: number, kind: TokenKind) => {
    const mark = marks[classOf[kind]]
    if (mark !== undefined && to > from) ranges.push(mark.range(from, to))
  }
  const parts = language === 'jsonata' ? [] : templateParts(source).filter(({ kind }) => kind !== 'text')
  for (const part of parts) {
    if (part.kind === 'text') continue
    ranges.push(braces.range(part.from - 2, part.from))
    if (part.to > part.from) ranges.push(inside.range(part.from, part.to))
    for (const { from, to, kind } of part.tokens) add(from, to, kind)
    if (part.closed) ranges.push(braces.range(part.to, part.to + 2))
  }
  for (const token of language === 'template' ? [] : tokensOf(source)) {
    // The text of a string goes on behind the expressions in it.
    let { from } = token
    for (const part of parts) {
      if (part.to < from || part.from > token.to) continue
      add(from, Math.min(part.from - 2, token.to), token.kind)
      from = Math.max(from, part.to + 2)
    }
    add(from, token.to, token.kind)
  }
  return Decoration.set(ranges, true)
}

export const scriptColours = HighlightStyle.define([
  { tag: [tags.keyword, tags.bool, tags.null, tags.self], class: 'code-keyword' },
  { tag: [tags.string, tags.regexp, tags.special(tags.string)], class: 'code-string' },
  { tag: tags.number, class: 'code-number' },
  { tag: tags.comment, class: 'code-comment' },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], class: 'code-variable' },
  { tag: [tags.operator, tags.punctuation], class: 'code-operator' },
])

/** One for all editors: a theme's rules stay in the page when its editor goes. */
export const codeLook = EditorView.theme({
  '&': { color: 'var(--text-1)', backgroundColor: 'transparent', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    fontFamily: 'var(--font-mono)',
    // `//` and `!=` are two characters each to whoever edits them.
    fontVariantLigatures: 'none',
    padding: '5px 0',
    lineHeight: '20px',
    // So that there is room to write from the beginning.
    minHeight: 'calc(var(--room) * 20px + 10px)',
    caretColor: 'var(--text-1)',
  },
  '.cm-line': { padding: '0 10px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '20px', overflow: 'auto' },
  '.cm-placeholder': { color: 'var(--text-3)', opacity: '0.85' },
  '.cm-cursor': { borderLeftColor: 'var(--text-1)' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--surface-3)',
    borderRadius: '2px',
  },
  '.code-variable': { color: 'var(--trigger)' },
  '.code-string': { color: 'var(--ok)' },
  '.code-number': { color: 'var(--info)' },
  '.code-keyword': { color: 'var(--accent)' },
  '.code-operator': { color: 'var(--text-2)' },
  '.code-comment': { color: 'var(--text-3)', fontStyle: 'italic' },
  '.code-braces': { color: 'var(--accent)', backgroundColor: 'var(--accent-soft)' },
  '.code-inside': { backgroundColor: 'var(--accent-soft)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--fail)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '10px',
    backgroundColor: 'var(--surface-1)',
    color: 'var(--text-1)',
    boxShadow: 'var(--float)',
    zIndex: '60',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '12px',
    maxHeight: '264px',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    gap: '12px',
    alignItems: 'baseline',
    padding: '3px 8px',
    borderRadius: '6px',
    maxWidth: '420px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--text-1)',
  },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600', color: 'var(--accent)' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    fontStyle: 'normal',
    color: 'var(--text-3)',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '.cm-tooltip.cm-completionInfo': {
    fontFamily: 'var(--font-sans)',
    fontSize: '12px',
    lineHeight: '16px',
    padding: '8px 10px',
    margin: '0 4px',
    width: 'max-content',
    maxWidth: '260px',
    color: 'var(--text-2)',
  },
  '.cm-diagnostic': { borderLeft: 'none', padding: '6px 10px', fontSize: '12px' },
})
