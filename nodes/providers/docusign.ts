import type { Provider } from '../contract/provider.ts'
import { overBody } from './over-body.ts'

/** One signature for each of the account's keys, up to a hundred; any of them may be ours. */
const keysRead = 10

export const docusign: Provider = {
  id: 'docusign',
  title: 'DocuSign Connect',
  icon: 'file-signature',
  link: 'https://developers.docusign.com/platform/webhooks/connect/validate/',
  setup: [
    'In DocuSign, open Settings → Connect → Connect keys → Add secret key and paste the key into the secret field here.',
    'Open Connect → Add configuration → Custom, paste the hook URL as the URL to publish, and choose the data format REST v2.1 (JSON).',
    'Switch "Include HMAC Signature" on, choose the events and save.',
  ],
  schemes: [
    {
      ...overBody,
      from: Array.from({ length: keysRead }, (_, at) => ({ header: `x-docusign-signature-${at + 1}` })),
      encoding: 'base64',
    },
  ],
  settings: [],
  type: [{ body: 'event' }],
  // No delivery id: the same envelope passes through the same state more than once.
  retry: { from: { body: 'retryCount' }, unless: '0' },
  bodyBytesMax: 25 * 1_024 * 1_024,
  samples: [
    {
      title: 'envelope-completed',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: {
        event: 'envelope-completed',
        apiVersion: 'v2.1',
        uri: '/restapi/v2.1/accounts/4571851/envelopes/6d2cb6d6-8d31-4b6d-a2b4-2c3f9b6f0c5e',
        retryCount: 0,
        configurationId: 10418598,
        generatedDateTime: '2026-09-01T12:00:00.0000000Z',
        data: {
          accountId: '4571851a-8d0a-4f3e-9d0f-6b8f9f2f2a11',
          userId: '7a8b9c0d-1e2f-4a5b-8c6d-7e8f9a0b1c2d',
          envelopeId: '6d2cb6d6-8d31-4b6d-a2b4-2c3f9b6f0c5e',
          envelopeSummary: { status: 'completed', emailSubject: 'Please sign: the lease' },
        },
      },
    },
  ],
}
