import type { Json } from '../../../nodes/contract/json.ts'
import { isJsonObject } from '../../../nodes/contract/json.ts'

/** Where events say whether they are real: Stripe, Mailgun and Lemon Squeezy, Square, Adyen, PayPal, Paddle, … */
const places: readonly { readonly path: readonly string[]; readonly test: string; readonly live: string }[] =
  [
    { path: ['livemode'], test: 'false', live: 'true' },
    { path: ['live_mode'], test: 'false', live: 'true' },
    { path: ['live'], test: 'false', live: 'true' },
    { path: ['test'], test: 'true', live: 'false' },
    { path: ['testMode'], test: 'true', live: 'false' },
    { path: ['test_mode'], test: 'true', live: 'false' },
    { path: ['meta', 'test_mode'], test: 'true', live: 'false' },
    { path: ['sandbox'], test: 'true', live: 'false' },
    { path: ['mode'], test: 'test', live: 'live' },
    { path: ['environment'], test: 'sandbox', live: 'production' },
  ]

export interface Mode {
  readonly mode: 'test' | 'live'
  /** Where the event says so, and what it says there. */
  readonly path: string
  readonly value: string
}

/** The mode of the sender that an event says it is of. */
export function modeOf(fields: Json | undefined): Mode | undefined {
  for (const { path, test, live } of places) {
    const value = path.reduce<unknown>(
      (inner, name) => (isJsonObject(inner) ? inner[name] : undefined),
      fields,
    )
    const text =
      typeof value === 'string' ? value.toLowerCase() : typeof value === 'boolean' ? `${value}` : ''
    if (text === test) return { mode: 'test', path: path.join('.'), value: text }
    if (text === live) return { mode: 'live', path: path.join('.'), value: text }
  }
  return undefined
}
