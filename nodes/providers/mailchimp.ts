import type { Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

export const mailchimp: Provider = {
  id: 'mailchimp',
  title: 'Mailchimp',
  icon: 'mail',
  link: 'https://mailchimp.com/developer/marketing/guides/sync-audience-data-webhooks/',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup(
      'Publish this workflow; in the audience, open Settings → Webhooks → Create new webhook, paste the hook URL',
    ),
    'Mailchimp asks at once with a GET whether the URL answers; the answer is given for you.',
  ],
  caution: 'Mailchimp signs nothing.',
  ...unsigned,
  handshakes: [
    { methods: ['GET', 'HEAD'], when: [], order: 'before', answer: { kind: 'fixed', status: 200 } },
  ],
  type: [{ body: 'type' }],
  samples: [
    {
      title: 'subscribe',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'user-agent': 'MailChimp' },
      body: 'type=subscribe&fired_at=2009-03-26+21%3A35%3A57&data%5Bid%5D=8a25ff1d98&data%5Blist_id%5D=a6b5da1054&data%5Bemail%5D=api%40mailchimp.com&data%5Bemail_type%5D=html&data%5Bmerges%5D%5BFNAME%5D=Mailchimp&data%5Bip_opt%5D=10.20.10.30',
    },
  ],
}
