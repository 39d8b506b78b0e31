import type { Provider } from '../contract/provider.ts'

export const microsoftGraph: Provider = {
  id: 'microsoft-graph',
  title: 'Microsoft Graph',
  icon: 'layout-grid',
  link: 'https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks',
  secretIsOwn: true,
  setup: [
    'Make up a long client state (at most 128 characters), paste it into the secret field here and publish this workflow.',
    'Create a subscription with POST /subscriptions: the hook URL as "notificationUrl", the same text as "clientState".',
    'Microsoft asks at once whether the URL is yours; the answer is given for you. Use the URL as "lifecycleNotificationUrl" too.',
    'A subscription ends by itself after days: renew it in time.',
  ],
  caution: 'Microsoft signs nothing here: each notification shows the client state instead.',
  schemes: [{ kind: 'token', from: [{ body: 'value.*.clientState' }] }],
  settings: [],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { query: 'validationToken' } }],
      order: 'before',
      answer: { kind: 'echo', challenge: { query: 'validationToken' }, as: 'text' },
    },
  ],
  type: [{ body: 'value.0.changeType' }, { body: 'value.0.lifecycleEvent' }],
  // No delivery id: one request carries several changes.
  answer: { status: 202, headers: {} },
  samples: [
    {
      title: 'a message was created',
      headers: { 'content-type': 'application/json' },
      body: {
        value: [
          {
            subscriptionId: '7f105c7d-2dc5-4530-97cd-4e7ae6534c07',
            subscriptionExpirationDateTime: '2026-09-30T18:23:45.9356913Z',
            clientState: 'the-client-state',
            changeType: 'created',
            resource: 'Users/c3a5/Messages/AAMkAGUwNjQ4ZjIxLTQ3Y2YtNDViMi1iZjc4LTMA=',
            tenantId: '84bd8158-6d4d-4958-8b9f-9d6445542f95',
            resourceData: {
              '@odata.type': '#Microsoft.Graph.Message',
              id: 'AAMkAGUwNjQ4ZjIxLTQ3Y2YtNDViMi1iZjc4LTMA=',
            },
          },
        ],
      },
    },
  ],
}
