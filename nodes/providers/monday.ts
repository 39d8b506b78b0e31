import type { Provider } from '../contract/provider.ts'
import { unsigned } from './unsigned.ts'

export const monday: Provider = {
  id: 'monday',
  title: 'monday.com',
  icon: 'square-kanban',
  link: 'https://developer.monday.com/apps/docs/integration-authorization',
  setup: [
    'For an app: open the developer center → your app → Basic information, copy the "Signing secret" into the secret field here, and publish this workflow.',
    'Paste the hook URL as the webhook’s or the action’s URL: monday asks at once whether it is yours and is answered for you.',
    'For a board’s own "webhook" integration, which signs nothing, choose the variant "board", make up a secret, and add ?token= and the secret to the URL.',
  ],
  caution: 'What a board’s own webhook integration sends is not signed.',
  schemes: [
    {
      kind: 'jwt',
      from: { header: 'authorization' },
      authScheme: 'Bearer',
      algorithms: ['HS256'],
      toleranceSeconds: 30,
    },
    ...unsigned.schemes.flatMap((scheme) =>
      scheme.variant === undefined ? [{ ...scheme, variant: 'board' }] : [],
    ),
  ],
  settings: ['variant', 'audience'],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { body: 'challenge' } }, { from: { body: 'event.type' }, absent: true }],
      order: 'before',
      answer: { kind: 'echo', challenge: { body: 'challenge' }, as: { field: 'challenge' } },
    },
  ],
  type: [{ body: 'event.type' }],
  delivery: [{ body: 'event.triggerUuid' }],
  samples: [
    {
      title: 'update_column_value',
      headers: { 'content-type': 'application/json' },
      body: {
        event: {
          userId: 9603417,
          originalTriggerUuid: null,
          boardId: 1771812698,
          pulseId: 1772099344,
          pulseName: 'Create_item webhook',
          groupId: 'topics',
          columnId: 'status',
          columnType: 'color',
          columnTitle: 'Status',
          value: { label: { index: 1, text: 'Done' } },
          changedAt: 1618228490.4,
          type: 'update_column_value',
          triggerTime: '2021-04-12T11:54:51.000Z',
          subscriptionId: 73759690,
          triggerUuid: '504b2eb76c80f672a18f892c0f700e41',
        },
      },
    },
  ],
}
