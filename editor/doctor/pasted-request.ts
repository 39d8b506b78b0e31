/**
 * A request as people have it at hand: a curl command, raw HTTP, or headers and then the body, as senders show them on their
 * pages of deliveries. Pure.
 */
import type { Diagnose } from '../../nodes/contract/diagnosis.ts'

export type PastedRequest =
  | { readonly ok: true; readonly request: Diagnose['request'] }
  | { readonly ok: false; readonly message: string }

const headerLine = /^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}):[ \t]*(.*)$/
const requestLine = /^([A-Z]{1,20}) (\S+)(?: HTTP\/[\d.]+)?$/

export function readPasted(text: string): PastedRequest {
  const trimmed = text.trimStart()
  if (trimmed === '') return { ok: false, message: '' }
  return /^\$?\s*curl\s/.test(trimmed) ? readCurl(trimmed.replace(/^\$\s*/, '')) : readLines(trimmed)
}

/** Headers up to an empty line, or up to what is none; what follows is the body, to its last character. */
function readLines(text: string): PastedRequest {
  const lines = text.split('\n')
  const [, method, url] = requestLine.exec(lines[0]?.trimEnd() ?? '') ?? []
  const headers: { name: string; value: string }[] = []
  let at = method === undefined ? 0 : 1
  for (; at < lines.length; at += 1) {
    const line = lines[at]?.replace(/\r$/, '') ?? ''
    const [, name, value] = headerLine.exec(line) ?? []
    if (name === undefined || value === undefined) break
    headers.push({ name, value })
  }
  if (headers.length === 0) return { ok: false, message: noHeaders }
  if (lines[at]?.trim() === '') at += 1
  return {
    ok: true,
    request: {
      ...(method !== undefined && { method }),
      ...(url !== undefined && /^https?:\/\//.test(url) && { url }),
      headers,
      body: lines.slice(at).join('\n'),
    },
  }
}

const noHeaders =
  'No header was found. Paste the headers first, each as “Name: value”, then an empty line, then the body.'

const bodyOptions: ReadonlySet<string> = new Set([
  '-d',
  '--data',
  '--data-raw',
  '--data-binary',
  '--data-ascii',
])
/** They are followed by a word that is no URL. */
const otherOptions: ReadonlySet<string> = new Set([
  '-o',
  '--output',
  '-m',
  '--max-time',
  '--connect-timeout',
  '-A',
  '--user-agent',
])

function readCurl(text: string): PastedRequest {
  const words = shellWords(text)
  if (words === undefined)
    return { ok: false, message: 'The curl command ends within a quote. Paste all of it.' }
  const headers: { name: string; value: string }[] = []
  const bodies: string[] = []
  let method: string | undefined
  let url: string | undefined
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? ''
    const next = () => {
      at += 1
      return words[at] ?? ''
    }
    if (word === '-H' || word === '--header') {
      const [, name, value] = headerLine.exec(next()) ?? []
      if (name !== undefined && value !== undefined) headers.push({ name, value })
    } else if (bodyOptions.has(word)) {
      const body = next()
      // As curl does with all but --data-binary and --data-raw of a file, which cannot be read from here.
      if (body.startsWith('@') && word !== '--data-raw')
        return {
          ok: false,
          message: `The body is in the file ${body.slice(1)}. Paste its text in the place of ${body}.`,
        }
      bodies.push(body)
    } else if (word === '-X' || word === '--request') method = next().toUpperCase()
    else if (otherOptions.has(word)) next()
    else if (!word.startsWith('-')) url = word
  }
  return {
    ok: true,
    request: {
      ...(method !== undefined && /^[A-Z]{1,20}$/.test(method) && { method }),
      ...(url !== undefined && /^https?:\/\//.test(url) && { url }),
      headers,
      body: bodies.join('&'),
    },
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/** The words of a command as a POSIX shell has them, with `$'…'`; `undefined` when a quote is left open. */
function shellWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  const piece =
    /\\\r?\n|\s+|'([^']*)'|"((?:[^"\\]|\\[^])*)"|\$'((?:[^'\\]|\\[^])*)'|\\([^])|([^\s'"\\$]+|\$(?!'))/gy
  let word: string | undefined
  while (piece.lastIndex < text.length) {
    const match = piece.exec(text)
    if (match === null) return undefined
    const [whole, single, double, dollar, escaped, plain] = match
    if (single !== undefined) word = (word ?? '') + single
    else if (double !== undefined) word = (word ?? '') + double.replaceAll(/\\(["\\$`])|\\\n/g, '$1')
    else if (dollar !== undefined)
      word = (word ?? '') + dollar.replaceAll(/\\([^])/g, (all, letter: string) => escapes[letter] ?? all)
    else if (escaped !== undefined) word = (word ?? '') + escaped
    else if (plain !== undefined) word = (word ?? '') + plain
    else if (!whole.startsWith('\\') && word !== undefined) {
      words.push(word)
      word = undefined
    }
  }
  return word === undefined ? words : [...words, word]
}
