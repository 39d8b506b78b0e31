import type { Provider } from '../contract/provider.ts'
import { unsigned } from './unsigned.ts'

export const alertmanager: Provider = {
  id: 'alertmanager',
  title: 'Prometheus Alertmanager',
  icon: 'bell',
  link: 'https://prometheus.io/docs/alerting/latest/configuration/#webhook_config',
  secretIsOwn: true,
  setup: [
    'Make up a long secret and paste it into the secret field here.',
    'Add a receiver with webhook_configs: the hook URL as "url", and under "http_config" → "authorization" the secret as "credentials".',
    'Or choose the variant "basic" here with user:password as the secret, and "basic_auth" there.',
  ],
  caution: 'Alertmanager signs nothing: it shows a token, or a user and a password.',
  schemes: [
    { kind: 'token', from: [{ header: 'authorization' }], authScheme: 'Bearer' },
    ...unsigned.schemes.map((scheme) => ({ ...scheme, variant: scheme.variant ?? 'token' })),
  ],
  settings: ['variant'],
  type: [{ body: 'status' }],
  // No delivery id: the same group of alerts is sent again as long as it fires.
  samples: [
    {
      title: 'firing',
      headers: { 'content-type': 'application/json', 'user-agent': 'Alertmanager/0.27.0' },
      body: {
        version: '4',
        groupKey: '{}:{alertname="InstanceDown"}',
        truncatedAlerts: 0,
        status: 'firing',
        receiver: 'hookloom',
        groupLabels: { alertname: 'InstanceDown' },
        commonLabels: { alertname: 'InstanceDown', severity: 'page' },
        commonAnnotations: { summary: 'Instance web-1 down' },
        externalURL: 'http://alertmanager.example.com',
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'InstanceDown', instance: 'web-1:9100', severity: 'page' },
            annotations: { summary: 'Instance web-1 down' },
            startsAt: '2026-09-01T12:00:00.000Z',
            endsAt: '0001-01-01T00:00:00Z',
            generatorURL: 'http://prometheus.example.com/graph?g0.expr=up+%3D%3D+0',
            fingerprint: '6b3cd2a8a9f4c1d0',
          },
        ],
      },
    },
  ],
}
