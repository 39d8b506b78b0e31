import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const mux: Provider = {
  id: 'mux',
  title: 'Mux',
  icon: 'video',
  link: 'https://www.mux.com/docs/core/verify-webhook-signatures',
  setup: [
    'In the Mux dashboard, open Settings → Webhooks → Create new webhook, choose the environment and paste the hook URL.',
    'Show its "Signing Secret" and paste it into the secret field here.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'mux-signature' }],
      parts: { separator: ',', assign: '=', signature: 'v1' },
      encoding: 'hex',
      signed: '{timestamp}.{body}',
      timestamp: { from: { part: 't' }, unit: 'seconds', toleranceSeconds: 300, direction: 'both' },
    },
  ],
  settings: ['timestamp'],
  type: [{ body: 'type' }],
  delivery: [{ body: 'id' }],
  samples: [
    {
      title: 'video.asset.ready',
      headers: { 'content-type': 'application/json', 'user-agent': 'Mux Webhooks' },
      body: {
        type: 'video.asset.ready',
        object: { type: 'asset', id: '0201p02fGKPE7MrbC269XRD7LpcHhrmbu0002' },
        id: '3a56ac3d-33da-4366-855b-f592d898409d',
        environment: { name: 'Demo pages', id: 'j0863n' },
        data: { status: 'ready', max_stored_resolution: 'SD', duration: 153.361542, created_at: 1607452571 },
        created_at: '2020-12-08T19:48:03.000Z',
        attempts: [],
      },
    },
  ],
}
