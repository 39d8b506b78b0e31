import type { Scheme } from '../../nodes/contract/scheme.ts'

const concealed = Buffer.from('•••')

/**
 * Takes out of a body the secret that its sender shows in it (Figma's passcode, Microsoft's client state), so that no record
 * of the event holds it. Of every other scheme the body stays the very bytes that came.
 */
export function compileConceal(
  schemes: readonly Scheme[],
  secrets: readonly string[],
): (body: Buffer) => Buffer {
  const isShown = schemes.some(
    (scheme) => scheme.kind === 'token' && scheme.from.some((place) => 'body' in place),
  )
  if (!isShown) return (body) => body
  const texts = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
  return (body) => texts.filter((text) => text !== '').reduce(without, body)
}

function without(body: Buffer, text: string): Buffer {
  const pieces: Buffer[] = []
  const length = Buffer.byteLength(text)
  let end = 0
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, end)) {
    pieces.push(body.subarray(end, at), concealed)
    end = at + length
  }
  return end === 0 ? body : Buffer.concat([...pieces, body.subarray(end)])
}
