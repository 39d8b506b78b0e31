import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

export const datadog: Provider = {
  id: 'datadog',
  title: 'Datadog',
  icon: 'activity',
  link: 'https://docs.datadoghq.com/integrations/webhooks/',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup('In Datadog, open Integrations → Webhooks → New Webhook, paste the hook URL'),
    'Or choose the variant "header" here and add the custom header {"X-Webhook-Token": "<secret>"} there.',
    'Name it as @webhook-… in the message of a monitor; the payload is the one that you write there.',
  ],
  caution: 'Datadog signs nothing.',
  ...unsigned,
  type: [{ body: 'event_type' }],
  samples: [
    {
      title: 'an alert',
      headers: { 'content-type': 'application/json' },
      body: {
        id: '4812345678901234567',
        title: '[Triggered] CPU load is very high on web-1',
        body: 'CPU load was above 90 % for five minutes.',
        last_updated: '1788264000000',
        event_type: 'metric_alert_monitor',
        date: '1788264000000',
        org: { id: '11023', name: 'Example' },
      },
    },
  ],
}
