import { isJsonObject, type Json } from '../../nodes/contract/json.ts'

/**
 * The value with a text in the place of what stands at a path; as it is where nothing does. `*` is every item of a list. A
 * number gives way to a number.
 */
export function putText(value: Json, [name, ...rest]: readonly string[], text: string): Json {
  if (name === undefined) return typeof value === 'number' && /^\d+$/.test(text) ? Number(text) : text
  if (Array.isArray(value)) {
    return value.map((item: Json, at) =>
      name === '*' || name === `${at}` ? putText(item, rest, text) : item,
    )
  }
  if (!isJsonObject(value) || !Object.hasOwn(value, name)) return value
  return { ...value, [name]: putText(value[name] ?? null, rest, text) }
}

/** The same for the bytes of a body in JSON or as a form; as they are where they are neither. */
export function putTextInto(body: Buffer, path: string, text: string): Buffer {
  const written = body.toString('utf8')
  if (/^\s*[[{]/.test(written)) {
    return Buffer.from(JSON.stringify(putText(JSON.parse(written) as Json, path.split('.'), text)))
  }
  const form = new URLSearchParams(written)
  if (!form.has(path)) return body
  form.set(path, text)
  return Buffer.from(form.toString())
}
