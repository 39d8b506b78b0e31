import { readForm } from '../form.ts'
import { readJson } from '../json-text.ts'
import { type JsonLayout, layOut } from './json-layout.ts'

/** How a body was written when it was signed, where it is not what came. */
export type BodySpelling =
  | 'with-line-break'
  | 'without-end'
  | 'without-mark'
  | 'line-feeds'
  | 'line-breaks'
  | 'empty'
  | 'latin1'
  | 'rewritten'
  | 'sorted'
  | 'form-of-json'
  | 'json-of-form'

export interface SpelledBody {
  readonly body: Buffer
  readonly spelling: BodySpelling
}

/** As the usual libraries write JSON: JavaScript and Go; Python; and indented by people. */
const layouts: readonly JsonLayout[] = [
  { comma: ',', colon: ':', indent: '' },
  { comma: ', ', colon: ': ', indent: '' },
  { comma: ',', colon: ': ', indent: '  ' },
  { comma: ',', colon: ': ', indent: '    ' },
  { comma: ',', colon: ': ', indent: '\t' },
]
const escapings = ['as-written', 'utf-8', 'ascii', 'slashes', 'html'] as const

/** The form field in which senders wrap JSON (GitHub, Slack), and what a person pastes is what is in it. */
const wrapped = 'payload'

/** What else may have been signed in the place of this body, the likelier first, each once. */
export function* spellBody(body: Buffer): Generator<SpelledBody> {
  const seen = new Set([body.toString('latin1')])
  for (const spelled of allSpellings(body)) {
    const content = spelled.body.toString('latin1')
    if (seen.has(content)) continue
    seen.add(content)
    yield spelled
  }
}

function* allSpellings(body: Buffer): Generator<SpelledBody> {
  const text = body.toString('utf8')
  const as = (spelling: BodySpelling, content: string): SpelledBody => ({
    body: Buffer.from(content),
    spelling,
  })
  yield { body: Buffer.concat([body, Buffer.from('\n')]), spelling: 'with-line-break' }
  yield { body: Buffer.concat([body, Buffer.from('\r\n')]), spelling: 'with-line-break' }
  // Before the white space, of which a byte order mark is one to JavaScript.
  yield as('without-mark', text.replace(/^\uFEFF/, ''))
  yield as('without-end', text.trimEnd())
  yield as('without-end', text.trim())
  yield as('line-feeds', text.replaceAll('\r\n', '\n'))
  yield as('line-breaks', text.replaceAll(/\r?\n/g, '\r\n'))

  const json = readJson(body)
  const form = json.ok || !text.includes('=') ? undefined : readForm(text)
  const inner = form?.ok === true ? form.value[wrapped] : undefined
  if (typeof inner === 'string') yield as('json-of-form', inner)
  if (json.ok) {
    for (const layout of layouts) {
      for (const escaping of escapings) {
        const written = layOut(json.text, layout, escaping)
        yield as('rewritten', written)
        if (layout.indent !== '') yield as('rewritten', `${written}\n`)
      }
    }
    // As JavaScript writes what it read: 1.0 becomes 1, and of repeated keys the last stays.
    const again = JSON.stringify(json.value)
    yield as('rewritten', again)
    const sorted = JSON.stringify(sortKeys(json.value))
    for (const layout of layouts) yield as('sorted', layOut(sorted, layout, 'as-written'))
    yield as('sorted', layOut(sorted, { comma: ', ', colon: ': ', indent: '' }, 'ascii'))
    for (const content of new Set([text, again])) {
      yield as('form-of-json', `${wrapped}=${encodeURIComponent(content)}`)
      yield as('form-of-json', new URLSearchParams({ [wrapped]: content }).toString())
    }
  }
  yield { body: Buffer.from(text, 'latin1'), spelling: 'latin1' }
  yield { body: Buffer.alloc(0), spelling: 'empty' }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(sorted.map(([key, item]) => [key, sortKeys(item)]))
}
