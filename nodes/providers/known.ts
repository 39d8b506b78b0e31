/**
 * What the editor must know of every provider before somebody looks at one: enough to name it and to say what is wrong with a
 * workflow's settings. Of senders it is written down in `catalogue.ts`, so that a browser loads eighty files only when it
 * needs them.
 */
import type { Provider } from '../contract/provider.ts'
import { needsSecret, type Scheme, type SettingName, type VerificationSettings } from '../contract/scheme.ts'

export interface KnownProvider {
  readonly title: string
  readonly settings: readonly SettingName[]
  /** The other ways that a workflow may choose. */
  readonly variants: readonly string[]
  /** Variants ('' is the usual way) that take no secret. */
  readonly keyless: readonly string[]
  /** Settings that a variant cannot do without. */
  readonly needs: { readonly [variant: string]: readonly SettingName[] }
  /** Headers that prove the sender; they are no delivery's name. */
  readonly proofs: readonly string[]
}

/** As it is written down: what is empty is left out. */
export type ListedProvider = Pick<KnownProvider, 'title'> & Partial<KnownProvider>

export const readListed = (listed: ListedProvider): KnownProvider => ({
  settings: [],
  variants: [],
  keyless: [],
  needs: {},
  proofs: [],
  ...listed,
})

/** Works it out from the provider itself, with the settings of a workflow where they matter. */
export function describeKnown(
  { title, settings, needs = [], schemes }: Provider,
  given: VerificationSettings,
): KnownProvider {
  const all = typeof schemes === 'function' ? schemes(given) : schemes
  const names = [...new Set(all.map(({ variant = '' }) => variant))]
  const ofVariant = (name: string) => all.filter(({ variant = '' }) => variant === name)
  return {
    title,
    settings,
    variants: names.filter((name) => name !== ''),
    keyless: names.filter((name) => !ofVariant(name).some(needsSecret)),
    needs: Object.fromEntries(
      names
        .map((name) => [name, [...needs, ...ofVariant(name).flatMap(needsOf)]] as const)
        .filter(([, list]) => list.length > 0),
    ),
    proofs: [...new Set(all.flatMap(proofsOf))],
  }
}

/** Keys that sign for everybody: only the audience tells which tokens are meant for us, and the issuer whose they are. */
function needsOf(scheme: Scheme): readonly SettingName[] {
  if (scheme.kind !== 'jwt' || scheme.keys?.kind !== 'jwks') return []
  return [
    ...(scheme.issuer === undefined ? (['issuer'] as const) : []),
    ...(scheme.audience === undefined ? (['audience'] as const) : []),
  ]
}

function proofsOf(scheme: Scheme): readonly string[] {
  if (scheme.kind === 'none' || scheme.kind === 'ask') return []
  if (scheme.kind === 'basic') return ['authorization']
  const places = scheme.kind === 'jwt' ? [scheme.from] : scheme.from
  const others = scheme.kind === 'signature' && scheme.otherwise ? proofsOf(scheme.otherwise) : []
  return [...places.flatMap((place) => ('header' in place ? [place.header] : [])), ...others]
}
