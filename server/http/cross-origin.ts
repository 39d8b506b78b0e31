/** CORS, as a webhook node allows it: which pages' scripts may call the hook and read its answer. Says nothing about who calls. */
import type { IncomingMessage } from 'node:http'
import type { Hook } from '../inbound/hook.ts'

/** How long a browser remembers what it was told. */
const rememberedSeconds = 600
/** What the browser asks for is said back, as far as it is a list of header names. */
const headerList = /^[A-Za-z0-9!#$%&'*+.^_`|~\-, ]{1,2000}$/

export interface CrossOrigin {
  /** For every answer of the hook. */
  readonly headers: Readonly<Record<string, string>>
  /** It only asks whether it may: it is answered, and is no event. */
  readonly isPreflight: boolean
}

const closed: CrossOrigin = { headers: {}, isPreflight: false }

export function crossOrigin({ settings }: Hook, { method, headers }: IncomingMessage): CrossOrigin {
  const origins = settings?.corsOrigins ?? []
  const { origin } = headers
  if (settings === undefined || origins.length === 0 || origin === undefined) return closed
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
  const isOpen = origins.includes('*')
  // A page that is not named is told nothing, and its browser keeps the answer from it.
  if (!isOpen && !origins.includes(origin)) return { headers: { vary: 'Origin' }, isPreflight }
  const allowed = isOpen
    ? { 'access-control-allow-origin': '*' }
    : { 'access-control-allow-origin': origin, vary: 'Origin' }
  if (!isPreflight) return { headers: allowed, isPreflight }
  const asked = headers['access-control-request-headers']
  return {
    headers: {
      ...allowed,
      'access-control-allow-methods': settings.methods.join(', '),
      ...(asked !== undefined && headerList.test(asked) && { 'access-control-allow-headers': asked }),
      'access-control-max-age': String(rememberedSeconds),
    },
    isPreflight,
  }
}
