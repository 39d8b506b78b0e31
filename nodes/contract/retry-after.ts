/**
 * What a target asked for by `Retry-After` (RFC 9110 10.2.3: whole seconds, or an HTTP date), in seconds from `now`;
 * a date that is past is 0. `undefined` when it is absent or unreadable.
 */
export function retryAfterSeconds(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Number(text)
  // A date has letters; without this, Date.parse takes '-5' or '1.5' for a year or a month.
  const at = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1_000))
}
