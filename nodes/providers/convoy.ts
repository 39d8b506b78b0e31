import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'
import { overBody } from './over-body.ts'

/** A project chooses hash and encoding: each combination has a form of its own. */
const forms = (['hmac-sha256', 'hmac-sha512'] as const).flatMap((algorithm) =>
  (['hex', 'base64'] as const).map((encoding) => ({ algorithm, encoding })),
)
const from = [{ header: 'x-convoy-signature' }]

/** Simple: over the body. Advanced: `t=…,v1=…`, over the time and the body. */
const ways: readonly SignatureScheme[] = [
  ...forms.map((form): SignatureScheme => ({ ...overBody, ...form, from })),
  ...forms.map((form): SignatureScheme => ({
    ...overBody,
    ...form,
    from,
    parts: { separator: ',', assign: '=', signature: 'v1' },
    signed: '{timestamp},{body}',
    timestamp: { from: { part: 't' }, unit: 'seconds', toleranceSeconds: 300, direction: 'both' },
  })),
]

const [last, ...others] = ways.toReversed()

export const convoy: Provider = {
  id: 'convoy',
  title: 'Convoy',
  icon: 'webhook',
  link: 'https://www.getconvoy.io/docs/product-manual/signatures',
  setup: [
    'In Convoy, create an endpoint with the hook URL.',
    'Copy the endpoint’s secret and paste it into the secret field here; hash, encoding and signature type are recognised.',
  ],
  schemes: last === undefined ? [] : [others.reduce((next, way) => ({ ...way, otherwise: next }), last)],
  settings: ['timestamp'],
  type: [{ body: 'event' }, { body: 'event_type' }],
  delivery: [{ header: 'x-convoy-idempotency-key' }],
  samples: [
    {
      title: 'charge.success',
      headers: { 'content-type': 'application/json', 'user-agent': 'Convoy/v24.9.2' },
      body: { event: 'charge.success', amount: 1000, currency: 'NGN' },
    },
  ],
}
