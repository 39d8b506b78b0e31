import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

export const freshdesk: Provider = {
  id: 'freshdesk',
  title: 'Freshdesk',
  icon: 'life-buoy',
  link: 'https://support.freshdesk.com/support/solutions/articles/132589-using-webhooks-in-automation-rules',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup(
      'In Freshdesk, open Admin → Automations, add the action "Trigger webhook" with the method POST, paste the hook URL',
    ),
    'Choose the encoding JSON and the content that you need.',
    'Or choose the variant "basic" here with user:password as the secret, and "Requires authentication" there.',
  ],
  caution: 'Freshdesk signs nothing.',
  ...unsigned,
  type: [{ body: 'freshdesk_webhook.triggered_event' }],
  samples: [
    {
      title: 'a ticket',
      headers: { 'content-type': 'application/json', 'user-agent': 'Freshdesk' },
      body: {
        freshdesk_webhook: {
          ticket_id: 12,
          ticket_subject: 'Support needed',
          ticket_status: 'Open',
          ticket_priority: 'Medium',
          ticket_requester_email: 'rachel@example.com',
          ticket_url: 'https://example.freshdesk.com/helpdesk/tickets/12',
          triggered_event: '{ticket_action:created}',
        },
      },
    },
  ],
}
