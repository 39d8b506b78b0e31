import type { Scheme, SettingName } from '../contract/scheme.ts'

/**
 * Of senders that sign nothing. A secret in the URL is what nearly all of them can show; some can be told a user and a password
 * or a header. With `address`, only where a request comes from counts, so that the workflow must name its networks.
 */
export const unsigned: { readonly schemes: readonly Scheme[]; readonly settings: readonly SettingName[] } = {
  schemes: [
    { kind: 'token', from: [{ query: 'token' }] },
    { kind: 'basic', variant: 'basic' },
    { kind: 'token', variant: 'header', from: [{ header: 'x-webhook-token' }] },
    { kind: 'none', variant: 'address' },
  ],
  settings: ['variant'],
}

/** The steps that all of them share; `where` is where the sender takes a URL. */
export const unsignedSetup = (where: string): readonly string[] => [
  'Make up a long secret (letters and digits) and paste it into the secret field here.',
  `${where}, and add ?token= and the secret at its end.`,
]
