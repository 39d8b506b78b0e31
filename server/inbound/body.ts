/**
 * Turns the bytes of a verified request into the message: one JSON value.
 *
 * | content type | message |
 * | --- | --- |
 * | `application/json`, `…+json` | the JSON; anything else is refused |
 * | none, `text/plain`, `application/octet-stream`, a form | the JSON, where the body is an object or list in JSON (`curl -d` and many senders name the wrong type) |
 * | `application/x-www-form-urlencoded` | an object; repeated names become lists |
 * | `multipart/form-data` | an object; a file is `{ filename, contentType, bytes, base64 }` |
 * | `application/xml`, `text/xml`, `…+xml` | an object; attributes are `@name` |
 * | NDJSON | the list of its lines, each JSON |
 * | `text/…`, none | the text |
 * | anything else | `{ contentType, bytes, base64 }` |
 * | an empty body, whatever its type | `null` |
 *
 * The readers of XML and multipart are loaded when the first such body comes: most servers never see one.
 */
import type { Json } from '../../nodes/contract/json.ts'
import type { Unwrap } from '../../nodes/contract/provider.ts'
import { readForm } from './form.ts'
import { readJson, readUtf8 } from './json-text.ts'
import { type Refusal, refuse } from './refusal.ts'
import type { Soon } from './soon.ts'

/** `json` is the message as JSON text: where JSON came, the very text, so that no number loses a digit on its way. */
export type ReadMessage = { readonly ok: true; readonly message: Json; readonly json: string } | Refusal

interface ContentType {
  /** Lower case, without parameters; '' when there is none. */
  readonly name: string
  readonly charset: string | undefined
  readonly whole: string
}

/**
 * Reads a decoded body. Never throws: what cannot be read is a refusal.
 * @param unwrap a form field whose text is the message (GitHub's form type, Slack's interactions, Braintree's XML)
 */
export function readMessage(
  body: Buffer,
  contentType: string | undefined,
  unwrap?: Unwrap,
): Soon<ReadMessage> {
  if (body.length === 0) return message(null)
  if (contentType === 'application/json') return jsonMessage(body)
  const type = readContentType(contentType)
  if (type.name === 'application/json' || type.name.endsWith('+json') || type.name === 'text/json') {
    return jsonMessage(body)
  }
  if (generic.has(type.name) && looksLikeJson(body)) {
    const read = jsonMessage(body)
    if (read.ok) return read
  }
  if (type.name === 'application/x-www-form-urlencoded') {
    const text = readUtf8(body)
    if (!text.ok) return text
    const form = readForm(text.text)
    return form.ok ? unwrapped(form.value, unwrap) : form
  }
  if (type.name === 'multipart/form-data') return multipartMessage(body, type)
  if (type.name === 'text/xml' || type.name === 'application/xml' || type.name.endsWith('+xml')) {
    return xmlMessage(body, type)
  }
  if (lines.has(type.name)) return linesMessage(body)
  if (type.name.startsWith('text/')) {
    const text = readText(body, type.charset)
    return text.ok ? message(text.text) : text
  }
  const text = type.name === '' ? readUtf8(body) : undefined
  return message(
    text?.ok === true
      ? text.text
      : { contentType: type.name, bytes: body.length, base64: body.toString('base64') },
  )
}

const message = (value: Json): ReadMessage => ({ ok: true, message: value, json: JSON.stringify(value) })

function jsonMessage(body: Buffer): ReadMessage {
  const read = readJson(body)
  return read.ok ? { ok: true, message: read.value, json: read.text } : read
}

/** Empty lines are passed over; one that is no JSON is refused by its number. */
function linesMessage(body: Buffer): ReadMessage {
  const text = readUtf8(body)
  if (!text.ok) return text
  const values: Json[] = []
  const texts: string[] = []
  for (const [at, line] of text.text.split('\n').entries()) {
    if (line.trim() === '') continue
    const read = readJson(Buffer.from(line))
    if (!read.ok) return refuse(400, read.reason, `Line ${at + 1}: ${read.detail}`)
    values.push(read.value)
    texts.push(read.text)
  }
  return { ok: true, message: values, json: `[${texts.join(',')}]` }
}

async function multipartMessage(body: Buffer, type: ContentType): Promise<ReadMessage> {
  const { readMultipart } = await import('./multipart.ts')
  const read = await readMultipart(body, type.whole)
  return read.ok ? message(read.value) : read
}

async function xmlMessage(body: Buffer, type: ContentType): Promise<ReadMessage> {
  const text = readText(body, type.charset ?? xmlCharset(body))
  if (!text.ok) return text
  const { readXml } = await import('./xml.ts')
  const xml = readXml(text.text)
  return xml.ok ? message(xml.value) : xml
}

/** Types that say nothing, or that senders of JSON claim by mistake. */
const generic: ReadonlySet<string> = new Set([
  '',
  'text/plain',
  'application/octet-stream',
  'binary/octet-stream',
  'application/x-www-form-urlencoded',
])
const lines: ReadonlySet<string> = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonlines',
])

/** An object or a list; a bare number or word in a text is a text. */
function looksLikeJson(body: Buffer): boolean {
  const start = body
    .toString('latin1', 0, 64)
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .trimStart()
  return start.startsWith('{') || start.startsWith('[')
}

function readContentType(text = ''): ContentType {
  const [name = '', ...parameters] = text.split(';')
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(parameter)?.[1])
    .find((found) => found !== undefined)
  return { name: name.trim().toLowerCase(), charset: charset?.toLowerCase(), whole: text }
}

const xmlCharset = (body: Buffer): string | undefined =>
  /^(?:\u00ef\u00bb\u00bf)?<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/.exec(
    body.toString('latin1', 0, 200),
  )?.[1]

function readText(
  body: Buffer,
  charset: string | undefined,
): { readonly ok: true; readonly text: string } | Refusal {
  if (charset === undefined || /^(utf-?8|us-ascii)$/i.test(charset)) return readUtf8(body)
  try {
    return { ok: true, text: new TextDecoder(charset, { fatal: true }).decode(body) }
  } catch (error) {
    return error instanceof RangeError
      ? refuse(415, 'unknown-charset', `The charset "${charset.slice(0, 40)}" is not known here. Send UTF-8.`)
      : refuse(400, 'invalid-text', `The body is not valid ${charset}. Send UTF-8.`)
  }
}

/** The message inside a form field, where the provider sends one and the field is there. */
function unwrapped(form: { readonly [name: string]: Json }, unwrap: Unwrap | undefined): Soon<ReadMessage> {
  const inner = unwrap !== undefined && Object.hasOwn(form, unwrap.field) ? form[unwrap.field] : undefined
  if (typeof inner !== 'string') return message(form)
  return unwrap?.as === 'base64-xml'
    ? xmlMessage(Buffer.from(inner, 'base64'), readContentType('text/xml'))
    : jsonMessage(Buffer.from(inner))
}
