/**
 * Keeps secrets out of what is kept: records, errors, step outputs. A secret is found as it is and in the forms it takes
 * on its way: percent-encoded, escaped in JSON (also within JSON in JSON), and in base64, alone or inside a longer text.
 */
import type { Json } from '../../nodes/contract/json.ts'

export const mask = '•••'

/** Below this a secret is also a common part of words: it is then replaced only where it stands alone. */
const charactersMin = 4

/** Replaces what it knows by `•••`. */
export interface Redactor {
  readonly text: (text: string) => string
  /** Strings and keys at any depth; other values are returned as they are. */
  readonly json: (value: Json) => Json
  readonly finds: (text: string) => boolean
  /** The longest run of characters that it may replace: text that is cut nearer to a secret's start hides its form. */
  readonly reach: number
}

interface Form {
  /** Looked for first, because `includes` is many times cheaper than the pattern. */
  readonly needle: string
  readonly pattern: RegExp
}

/** Making the forms of a secret costs as much as sending a request: those in use are kept, so many at most. */
const knownSecretsMax = 500
const known = new Map<string, readonly Form[]>()

const nothing: Redactor = { text: (text) => text, json: (value) => value, finds: () => false, reach: 0 }

export function openRedactor(secrets: readonly string[]): Redactor {
  const forms = [...new Set(secrets)].flatMap(formsOf).toSorted((a, b) => b.needle.length - a.needle.length)
  if (forms.length === 0) return nothing
  const text = (given: string): string => {
    let clean = given
    for (const { needle, pattern } of forms) {
      if (clean.includes(needle)) clean = clean.replace(pattern, mask)
    }
    return clean
  }
  const json = (value: Json): Json => {
    if (typeof value === 'string') return text(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(json)
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [text(key), json(each)]))
  }
  // Four more for the neighbours that a base64 form takes along.
  return { text, json, finds: (given) => text(given) !== given, reach: (forms[0]?.needle.length ?? 0) + 4 }
}

/** `text` with every one of `secrets`, in every form, replaced by `•••`. */
export const redact = (text: string, secrets: readonly string[]): string => openRedactor(secrets).text(text)

function formsOf(secret: string): readonly Form[] {
  const made = known.get(secret)
  if (made !== undefined) return made
  const forms = makeForms(secret)
  if (known.size >= knownSecretsMax) known.clear()
  known.set(secret, forms)
  return forms
}

function makeForms(secret: string): Form[] {
  // Header values and form fields lose the blanks around them on their way.
  const texts = new Set([secret, secret.trim()].filter((text) => text.trim() !== ''))
  return [...texts].flatMap((text) => {
    const plain = text.toWellFormed()
    if (plain.length < charactersMin) {
      const alone = `(?<![\\p{L}\\p{N}])${literally(plain)}(?![\\p{L}\\p{N}])`
      return [{ needle: plain, pattern: new RegExp(alone, 'gu') }]
    }
    const written = new Set([plain, ...escapedForms(plain), ...percentForms(plain)])
    const encoded = new Set(base64Forms(plain))
    return [
      ...[...written].map((needle) => ({ needle, pattern: new RegExp(literally(needle), 'g') })),
      // The neighbours of the core hold bits of the secret's first and last bytes.
      ...[...encoded].map((needle) => ({
        needle,
        pattern: new RegExp(`[\\w+/-]?${literally(needle)}[\\w+/-]?(?:=|%3[Dd]){0,2}`, 'g'),
      })),
    ]
  })
}

/** A pattern that matches this text and nothing else. */
const literally = (text: string): string => text.replace(/[$()*+./?[\\\]^{|}]/g, '\\$&')

function escapedForms(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1)
  const slashes = once.replaceAll('/', '\\/')
  const ascii = once.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  // As PHP and Python write it, .NET in capitals.
  const capitals = ascii.replace(/\\u[0-9a-f]{4}/g, (code) => `\\u${code.slice(2).toUpperCase()}`)
  return [once, slashes, ascii, capitals].flatMap((form) => [form, JSON.stringify(form).slice(1, -1)])
}

function percentForms(text: string): string[] {
  const forms = [
    encodeURIComponent(text),
    encodeURI(text),
    new URLSearchParams([['', text]]).toString().slice(1),
  ]
  const lower = forms.map((form) => form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))
  return [...forms, ...lower]
}

/** What base64 makes of the text at each of the three places where it may begin within three bytes. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const core = encoded.slice(Math.ceil((before * 8) / 6), whole)
    return [core, core.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(core)]
  })
}
