import type { Provider, Scheme, VerificationSettings } from '../contract/scheme.ts'
import { apiKey, basic, bearer, hmac, jwt, none } from './generic.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { meta } from './meta.ts'
import { shopify } from './shopify.ts'
import { slack } from './slack.ts'
import { standardWebhooks } from './standard-webhooks.ts'
import { stripe } from './stripe.ts'
import { svix } from './svix.ts'

/** Every provider by its id, in the order in which it is offered. Adding one is a file and a line here. */
export const providers: ReadonlyMap<string, Provider> = new Map(
  [
    github,
    gitlab,
    meta,
    shopify,
    slack,
    standardWebhooks,
    stripe,
    svix,
    hmac,
    bearer,
    apiKey,
    basic,
    jwt,
    none,
  ].map((provider) => [provider.id, provider]),
)

/**
 * The schemes that these settings put in force, first match first; none for a provider or variant that is not known, so that
 * nothing is accepted. A tolerance in the settings takes the place of the provider's.
 */
export function schemesOf(settings: VerificationSettings): readonly Scheme[] {
  const provider = providers.get(settings.scheme)
  if (provider === undefined) return []
  const all = typeof provider.schemes === 'function' ? provider.schemes(settings) : provider.schemes
  const toleranceSeconds = settings.timestamp?.toleranceSeconds
  return all
    .filter(({ variant }) => variant === settings.variant)
    .map((scheme) =>
      scheme.kind === 'signature' && scheme.timestamp !== undefined && toleranceSeconds !== undefined
        ? { ...scheme, timestamp: { ...scheme.timestamp, toleranceSeconds } }
        : scheme,
    )
}
