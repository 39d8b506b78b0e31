import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

export const linear: Provider = {
  id: 'linear',
  title: 'Linear',
  icon: 'circle-dot',
  link: 'https://linear.app/developers/webhooks',
  setup: [
    'In Linear, open Settings → API → Webhooks → New webhook, paste the hook URL and choose what to send.',
    'Open the webhook, copy its "Signing secret" (lin_wh_…) and paste it into the secret field here.',
  ],
  schemes: [
    {
      ...overBody,
      from: [{ header: 'linear-signature' }],
      encoding: 'hex',
      timestamp: {
        from: { body: 'webhookTimestamp' },
        unit: 'milliseconds',
        toleranceSeconds: 60,
        direction: 'both',
        optional: true,
      },
    },
  ],
  settings: ['timestamp'],
  type: [{ header: 'linear-event' }, { body: 'type' }],
  delivery: [{ header: 'linear-delivery' }],
  samples: [
    {
      title: 'Issue',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Linear-Webhook',
        'linear-event': 'Issue',
        'linear-delivery': '234d1a4e-b617-4388-90fe-adc3633d6b72',
      },
      body: {
        action: 'create',
        type: 'Issue',
        createdAt: '2020-01-23T12:53:18.084Z',
        actor: { id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9', name: 'Ada', type: 'user' },
        data: {
          id: '2174add1-f7c8-44e3-bbf3-2d60b5ea8bc9',
          identifier: 'ENG-79',
          title: 'The button is off by a pixel',
          priority: 2,
          state: { name: 'Todo', type: 'unstarted' },
          team: { key: 'ENG', name: 'Engineering' },
        },
        url: 'https://linear.app/issue/ENG-79/the-button',
        webhookTimestamp: 1676056940508,
        webhookId: '000042e3-d123-4980-b49f-8e140eef9329',
      },
    },
  ],
}
