import type { Provider } from '../contract/provider.ts'
import type { Scheme } from '../contract/scheme.ts'

const authorities = ['http://cacerts.digicert.com/*.crt']

/** One rule for each environment, so that an event of the sandbox never passes for a live one. */
const schemes = (['', 'sandbox'] as const).flatMap((environment): readonly Scheme[] => {
  const domain = environment === '' ? 'paypal.com' : `${environment}.paypal.com`
  const api = `https://api-m.${domain}/v1`
  const variant = (name: string) => {
    const whole = [environment, name].filter((word) => word !== '').join('-')
    return whole === '' ? {} : { variant: whole }
  }
  return [
    {
      kind: 'signature',
      ...variant(''),
      from: [{ header: 'paypal-transmission-sig' }],
      algorithm: 'rsa-sha256',
      encoding: 'base64',
      key: 'public',
      // The webhook's id is the secret: whoever knows it all the same still lacks PayPal's key.
      signed: '{header:paypal-transmission-id}|{timestamp}|{secret}|{crc32}',
      timestamp: { from: { header: 'paypal-transmission-time' }, unit: 'rfc3339', direction: 'both' },
      requires: [
        { from: { header: 'paypal-transmission-id' } },
        { from: { header: 'paypal-auth-algo' }, is: 'SHA256withRSA' },
      ],
      certificate: {
        from: { header: 'paypal-cert-url' },
        urls: [`https://api.${domain}/v1/notifications/certs/*`, `${api}/notifications/certs/*`],
        names: [`messageverificationcerts.${domain}`],
        issuers: authorities,
      },
    },
    {
      kind: 'ask',
      ...variant('verify'),
      tokenUrl: `${api}/oauth2/token`,
      url: `${api}/notifications/verify-webhook-signature`,
      body: {
        auth_algo: '{header:paypal-auth-algo}',
        cert_url: '{header:paypal-cert-url}',
        transmission_id: '{header:paypal-transmission-id}',
        transmission_sig: '{header:paypal-transmission-sig}',
        transmission_time: '{header:paypal-transmission-time}',
        webhook_id: '{secret}',
        webhook_event: '{body}',
      },
      says: { field: 'verification_status', is: 'SUCCESS' },
    },
  ]
})

export const paypal: Provider = {
  id: 'paypal',
  title: 'PayPal',
  icon: 'wallet',
  link: 'https://developer.paypal.com/api/rest/webhooks/rest/',
  setup: [
    'In the PayPal developer dashboard, open Apps & Credentials, choose Live or Sandbox, and open your app.',
    'Under Webhooks, add one with the hook URL and the event types that you need.',
    'Paste the "Webhook ID" that it gets into the secret field here; for the sandbox, choose the variant "sandbox".',
    'PayPal signs with a certificate, which is fetched from PayPal, checked up to its authority and kept for an hour.',
    'Where that certificate cannot be reached, choose the variant "verify": PayPal is asked about each event, and the secret is webhook-id:client-id:client-secret.',
  ],
  schemes,
  settings: ['variant', 'timestamp'],
  type: [{ body: 'event_type' }],
  delivery: [{ body: 'id' }],
  samples: [
    {
      title: 'PAYMENT.CAPTURE.COMPLETED',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'PayPal/AUHD-214.0-58843817',
        'paypal-transmission-id': '69cd13f0-d67a-11e5-baa3-778b53f4ae55',
        'paypal-transmission-time': '2026-09-01T12:00:00Z',
        'paypal-auth-algo': 'SHA256withRSA',
        'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77',
        'paypal-transmission-sig': 'made-by-paypal-alone',
      },
      body: {
        id: 'WH-58D329510W468432D-8HN650336L201105X',
        create_time: '2026-09-01T11:59:58.000Z',
        resource_type: 'capture',
        event_type: 'PAYMENT.CAPTURE.COMPLETED',
        summary: 'Payment completed for $ 2.51 USD',
        resource: {
          id: '42311647XV020574X',
          amount: { currency_code: 'USD', value: '2.51' },
          status: 'COMPLETED',
          final_capture: true,
        },
        event_version: '1.0',
        resource_version: '2.0',
      },
    },
  ],
}
