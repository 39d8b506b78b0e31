import type { Json } from '../../nodes/contract/json.ts'
import { type Refusal, refuse } from './refusal.ts'

/** Deeper than any provider sends, and shallow enough that nobody's recursion overflows. */
export const depthMax = 100

export type ReadText = { readonly ok: true; readonly text: string } | Refusal
export type ReadJson = { readonly ok: true; readonly value: Json; readonly text: string } | Refusal

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** UTF-8 without a byte order mark; other bytes are refused, never replaced by U+FFFD. */
export function readUtf8(bytes: Uint8Array): ReadText {
  try {
    return { ok: true, text: utf8.decode(bytes) }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    return refuse(400, 'invalid-utf-8', 'The body is not valid UTF-8. Send it as UTF-8.')
  }
}

/**
 * Reads JSON (RFC 8259). The depth is counted before anything recurses; of repeated keys the last wins; `__proto__` stays
 * an ordinary key. What JavaScript cannot hold (a number beyond 1e308, half of a surrogate pair) is refused rather than
 * changed. `text` is the JSON as it came, so that a number beyond 2^53 can be passed on untouched.
 */
export function readJson(bytes: Uint8Array): ReadJson {
  const decoded = readUtf8(bytes)
  if (!decoded.ok) return decoded
  const { text } = decoded
  if (mayBeDeep(text) && !isShallow(bytes)) {
    return refuse(400, 'too-deep', `The JSON is nested more than ${depthMax} levels deep. Send it flatter.`)
  }
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return refuse(400, 'invalid-json', `The body is not JSON: ${error.message.slice(0, 200)}.`)
  }
  if (mayHoldWhatJsonCannot(text) && !holdsJsonOnly(value)) {
    return refuse(400, 'invalid-json', 'The JSON holds a number beyond 1e308 or half of a surrogate pair.')
  }
  return { ok: true, value, text }
}

/** A surrogate escape, a three-digit exponent, or a number so long that two digits of exponent are too many: only then is the value walked. */
const mayHoldWhatJsonCannot = (text: string): boolean =>
  (text.includes('\\u') && /\\u[dD][89a-fA-F]/.test(text)) || /\d[eE]\+?\d{3}/.test(text) || holdsDigits(text)

/** 1e308 is too much with 309 digits, or with 210 and `e99`. */
const digitsMany = 200

/** So many digits in a row cover one of the places that are so far apart: only there is looked. */
function holdsDigits(text: string): boolean {
  const isDigit = (at: number) => text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39
  for (let at = digitsMany - 1; at < text.length; at += digitsMany) {
    if (!isDigit(at)) continue
    let first = at
    let last = at
    while (isDigit(first - 1)) first -= 1
    while (isDigit(last + 1)) last += 1
    if (last - first + 1 >= digitsMany) return true
  }
  return false
}

function holdsJsonOnly(value: Json): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([key, item]) => key.isWellFormed() && holdsJsonOnly(item))
}

const quote = 0x22
const backslash = 0x5c

/** Fewer brackets than levels are not too deep: to count them costs a tenth of following them, and is enough for most bodies. */
function mayBeDeep(text: string): boolean {
  let brackets = 0
  for (const bracket of ['[', '{']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      brackets += 1
      if (brackets > depthMax) return true
    }
  }
  return false
}

/** One pass over the bytes, without a stack: UTF-8 never uses these byte values inside another character. */
function isShallow(bytes: Uint8Array): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at += 1
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === 0x5b || byte === 0x7b) {
      depth += 1
      if (depth > depthMax) return false
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1
  }
  return true
}
