import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'
import { unsigned } from './unsigned.ts'

const signature = {
  ...overBody,
  from: [{ header: 'x-grafana-alerting-signature' }],
  encoding: 'hex',
} as const

export const grafana: Provider = {
  id: 'grafana',
  title: 'Grafana',
  icon: 'activity',
  link: 'https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/',
  secretIsOwn: true,
  setup: [
    'In Grafana 12 and later, open Alerting → Contact points → Add contact point → Webhook and paste the hook URL.',
    'Under HMAC Signature, make up a long secret, and paste the same one into the secret field here.',
    'Enter X-Grafana-Alerting-Timestamp as its timestamp header, so that nobody can send an old alert again.',
    'Older Grafana signs nothing: choose the variant "basic" and user:password as the secret, or "token" and ?token= in the URL.',
  ],
  schemes: [
    {
      ...signature,
      signed: '{timestamp}:{body}',
      timestamp: {
        from: { header: 'x-grafana-alerting-timestamp' },
        unit: 'seconds',
        toleranceSeconds: 300,
        direction: 'both',
      },
      when: [{ from: { header: 'x-grafana-alerting-timestamp' } }],
      otherwise: signature,
    },
    ...unsigned.schemes.map((scheme) => ({ ...scheme, variant: scheme.variant ?? 'token' })),
  ],
  settings: ['variant', 'timestamp'],
  type: [{ body: 'status' }],
  // No delivery id: the same group of alerts is sent again as long as it fires.
  samples: [
    {
      title: 'firing',
      headers: { 'content-type': 'application/json', 'user-agent': 'Grafana' },
      body: {
        receiver: 'Hookloom',
        status: 'firing',
        orgId: 1,
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'High memory usage', team: 'blue', zone: 'us-1' },
            annotations: {
              description: 'The system has high memory usage',
              summary: 'This alert was triggered for zone us-1',
            },
            startsAt: '2021-10-12T09:51:03.157076+02:00',
            endsAt: '0001-01-01T00:00:00Z',
            generatorURL: 'https://play.grafana.org/alerting/1afz29v7z/edit',
            fingerprint: 'c6eadffa33fcdf37',
            values: { B: 44.23943737541908, C: 1 },
          },
        ],
        groupLabels: {},
        commonLabels: { team: 'blue' },
        commonAnnotations: {},
        externalURL: 'https://play.grafana.org/',
        version: '1',
        groupKey: '{}:{}',
        truncatedAlerts: 0,
        title: '[FIRING:1] (blue)',
        state: 'alerting',
      },
    },
  ],
}
