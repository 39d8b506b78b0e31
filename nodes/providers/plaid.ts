import type { Provider } from '../contract/provider.ts'
import type { JwtScheme, KeySource, Scheme } from '../contract/scheme.ts'

const token: JwtScheme = {
  kind: 'jwt',
  from: { header: 'plaid-verification' },
  algorithms: ['ES256'],
  toleranceSeconds: 30,
  ageSecondsMax: 300,
  bodySha256Claim: 'request_body_sha256',
}

const keysOf = (host: string): KeySource => ({
  kind: 'by-id',
  url: `https://${host}/webhook_verification_key/get`,
  body: { client_id: '{user}', secret: '{password}', key_id: '{kid}' },
  field: 'key',
})

/** A key that was pasted, or the account's name and secret, with which the key is asked for. */
const schemes: readonly Scheme[] = [
  { ...token, secretPrefix: '{' },
  { ...token, keys: keysOf('production.plaid.com') },
  { ...token, variant: 'sandbox', keys: keysOf('sandbox.plaid.com') },
]

export const plaid: Provider = {
  id: 'plaid',
  title: 'Plaid',
  icon: 'landmark',
  link: 'https://plaid.com/docs/api/webhooks/webhook-verification/',
  setup: [
    'In the Plaid dashboard, open Developers → Keys, and paste client_id:secret (with the colon) into the secret field here.',
    'For the sandbox, take its secret and choose the variant "sandbox".',
    'Give the hook URL as "webhook" where a link token is made; Plaid’s keys are fetched by their ids and kept for an hour.',
    'Where Plaid cannot be asked, paste the key itself (a JWK) instead.',
  ],
  schemes,
  settings: ['variant'],
  type: [{ body: 'webhook_code' }],
  // No delivery id: an item may have the same news twice.
  samples: [
    {
      title: 'SYNC_UPDATES_AVAILABLE',
      headers: { 'content-type': 'application/json' },
      body: {
        webhook_type: 'TRANSACTIONS',
        webhook_code: 'SYNC_UPDATES_AVAILABLE',
        item_id: 'wz666MBjYWTp2PDzzggYhM6oWWmBb',
        initial_update_complete: true,
        historical_update_complete: false,
        environment: 'production',
      },
    },
  ],
}
