import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Json } from '../../nodes/contract/json.ts'
import { depthMax } from './json-text.ts'
import { type Refusal, refuse } from './refusal.ts'

export type ReadXml = { readonly ok: true; readonly value: Json } | Refusal

/**
 * Every value stays text ("007" is no number). Attributes are `@name`, mixed text is `#text`. No network and no file is
 * ever asked: external entities do not exist for this parser.
 */
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  // Our own count refuses first; the parser builds its result by recursion.
  maxNestedTags: depthMax + 1,
})

/**
 * Reads XML as JSON. A document that declares entities is refused whole: no webhook needs its own, and they are how a few
 * bytes become gigabytes. The depth is bounded before anything is built.
 */
export function readXml(text: string): ReadXml {
  if (/<!ENTITY/i.test(text)) {
    return refuse(400, 'xml-entities', 'The XML declares entities of its own. Send it without <!ENTITY …>.')
  }
  if (!isShallow(text)) {
    return refuse(400, 'too-deep', `The XML is nested more than ${depthMax} levels deep. Send it flatter.`)
  }
  try {
    const valid = XMLValidator.validate(text)
    if (valid !== true) return invalid(`${valid.err.msg} (line ${valid.err.line})`)
    const value: unknown = parser.parse(text)
    return { ok: true, value: value as Json }
  } catch (error) {
    return invalid(error instanceof Error ? error.message : 'it cannot be read')
  }
}

const invalid = (why: string): Refusal =>
  refuse(400, 'invalid-xml', `The body is not well-formed XML: ${why.slice(0, 200)}.`)

/** Counts `<a>` against `</a>`; what stands in comments and CDATA may be counted too, which only refuses sooner. */
function isShallow(text: string): boolean {
  let depth = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at + 1)) {
    const next = text[at + 1]
    if (next === '/') depth -= 1
    else if (next !== '!' && next !== '?') {
      const end = text.indexOf('>', at)
      if (end !== -1 && text[end - 1] !== '/') depth += 1
      if (depth > depthMax) return false
    }
  }
  return true
}
