/** What can be done for the person about a difference, and what only they can do. */
import type { Remedy, Rewrite } from '../../../nodes/contract/diagnosis.ts'
import type { Json } from '../../../nodes/contract/json.ts'
import type { KeyForm, VerificationSettings } from '../../../nodes/contract/scheme.ts'
import type { Difference } from './patient.ts'
import type { KeySpelling } from './keys.ts'
import type { Match } from './search.ts'

const verified = (change: { readonly [name: string]: Json }, label: string): Remedy => ({
  kind: 'setting',
  field: 'verification',
  change,
  label,
})

/** Rewrites of the stored text; what is only read otherwise is a setting. */
const rewriteOf: Partial<Record<KeySpelling, Rewrite>> = {
  trimmed: 'trimmed',
  unquoted: 'unquoted',
  'value-only': 'value-only',
  'with-line-break': 'with-line-break',
}
const rewriteLabels: Readonly<Record<Rewrite, string>> = {
  trimmed: 'Store it without white space',
  unquoted: 'Store it without quotes',
  'value-only': 'Store only what follows the “=”',
  'with-line-break': 'Store it with a line break',
}
const formOf: Partial<Record<KeySpelling, KeyForm>> = {
  'as-text': 'text',
  whsec: 'whsec',
  base64: 'base64',
  hex: 'hex',
}

/** One change that makes the request pass, where one is enough and it is not the sender's or a proxy's to make. */
export function remedyFor(
  { way, differences }: Match,
  before: VerificationSettings,
  url: string,
): Remedy | null {
  const kinds = new Set(differences.map(({ kind }) => kind))
  if (kinds.has('body')) return null
  const secret = differences.find((each) => each.kind === 'secret')
  const key = differences.find((each) => each.kind === 'key')
  const other = differences.find((each) => each.kind === 'url')
  if (other !== undefined) return differences.length === 1 ? publicUrl(other.url, url) : null
  if (secret !== undefined && secret.name === undefined) return null
  const rewrite = key && rewriteOf[key.spelling]
  if (rewrite !== undefined) return rewriting(differences, rewrite)
  const settings = changeOf(way.settings, before)
  const form = key && formOf[key.spelling]
  if (settings === undefined || (key !== undefined && form === undefined)) return null
  // How a key is read can be said for "any signature" only.
  const scheme = settings['scheme'] ?? before.scheme
  if (form !== undefined && scheme !== 'hmac') return null
  const change = {
    ...settings,
    ...(form !== undefined && { key: form }),
    ...(secret?.name !== undefined && { secret: { $secret: secret.name }, secrets: null }),
  }
  return Object.keys(change).length === 0 ? null : verified(change, labelOf(differences, secret?.name))
}

function rewriting(differences: readonly Difference[], rewrite: Rewrite): Remedy | null {
  const [only, more] = differences
  return only?.kind !== 'key' || more !== undefined || only.name === undefined
    ? null
    : { kind: 'secret', name: only.name, rewrite, label: rewriteLabels[rewrite] }
}

/** What the settings become, less what they are; null takes away what the other way has not. */
function changeOf(
  after: VerificationSettings | undefined,
  before: VerificationSettings,
): { readonly [name: string]: Json } | undefined {
  if (after === undefined) return undefined
  const secrets = new Set(['secret', 'secrets', 'verifyToken'])
  const change: Record<string, Json> = {}
  const old = new Map<string, unknown>(Object.entries(before))
  for (const [name, value] of Object.entries(after)) {
    if (JSON.stringify(old.get(name)) !== JSON.stringify(value)) change[name] = value as Json
    old.delete(name)
  }
  // Another sender's settings are not this one's: the editor drops them with the sender.
  if (after.scheme !== before.scheme) return change
  for (const [name, value] of old) if (value !== undefined && !secrets.has(name)) change[name] = null
  return change
}

function labelOf(differences: readonly Difference[], secret: string | undefined): string {
  const provider = differences.find((each) => each.kind === 'provider')
  if (provider !== undefined) return `Choose ${provider.title}`
  if (secret !== undefined && differences.length === 1) return `Use “${secret}”`
  return 'Change the settings so'
}

/** Only where nothing but the beginning differs is it the server's own name that is wrong. */
function publicUrl(signed: string, own: string): Remedy | null {
  const [server = '', otherServer = ''] = [own, signed].map(
    (url) => /^https?:\/\/[^/?#]+/.exec(url)?.[0] ?? '',
  )
  return server !== otherServer && own.slice(server.length) === signed.slice(otherServer.length)
    ? { kind: 'environment', name: 'HOOKLOOM_PUBLIC_URL', value: otherServer, label: 'Copy the setting' }
    : null
}
