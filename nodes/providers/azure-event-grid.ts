import type { Handshake, Provider } from '../contract/provider.ts'
import { unsigned, unsignedSetup } from './unsigned.ts'

/** CloudEvents 1.0, HTTP webhooks: a sender asks with OPTIONS whether it may deliver. */
export const cloudEventsHandshake: Handshake = {
  methods: ['OPTIONS'],
  when: [{ from: { header: 'webhook-request-origin' } }],
  order: 'before',
  answer: {
    kind: 'echo',
    challenge: { header: 'webhook-request-origin' },
    as: { header: 'webhook-allowed-origin' },
    headers: { 'webhook-allowed-rate': '*', allow: 'POST' },
  },
}

export const azureEventGrid: Provider = {
  id: 'azure-event-grid',
  title: 'Azure Event Grid',
  icon: 'layout-grid',
  link: 'https://learn.microsoft.com/en-us/azure/event-grid/secure-webhook-delivery',
  secretIsOwn: true,
  setup: [
    ...unsignedSetup(
      'Publish this workflow; in the Azure portal, add an event subscription with the endpoint type Web Hook, paste the hook URL',
    ),
    'Event Grid asks at once whether the URL is yours; the answer is given for you, for both of its schemas.',
    'With Entra ID: choose the variant "entra", name your application id URI as the audience and https://sts.windows.net/<tenant>/ as the issuer.',
  ],
  caution: 'Event Grid signs nothing; with Entra ID it shows a token that Microsoft signed.',
  schemes: [
    ...unsigned.schemes.filter(({ kind }) => kind === 'token'),
    {
      kind: 'jwt',
      variant: 'entra',
      from: { header: 'authorization' },
      authScheme: 'Bearer',
      algorithms: ['RS256'],
      keys: { kind: 'jwks', url: 'https://login.microsoftonline.com/common/discovery/v2.0/keys' },
      toleranceSeconds: 30,
    },
  ],
  settings: ['variant', 'issuer', 'audience'],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { header: 'aeg-event-type' }, is: 'SubscriptionValidation' }],
      order: 'before',
      answer: {
        kind: 'echo',
        challenge: { body: '0.data.validationCode' },
        as: { field: 'validationResponse' },
      },
    },
    cloudEventsHandshake,
  ],
  type: [{ body: '0.eventType' }, { body: 'type' }, { header: 'ce-type' }, { body: '0.type' }],
  // No delivery id: a request may carry several events.
  retry: { from: { header: 'aeg-delivery-count' }, unless: '0' },
  samples: [
    {
      title: 'Microsoft.Storage.BlobCreated',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'aeg-event-type': 'Notification',
        'aeg-subscription-name': 'HOOKLOOM',
        'aeg-delivery-count': '0',
        'aeg-data-version': '1',
        'aeg-metadata-version': '1',
      },
      body: [
        {
          topic:
            '/subscriptions/5b4b650e/resourceGroups/demo/providers/Microsoft.Storage/storageAccounts/demo',
          subject: '/blobServices/default/containers/container/blobs/new-file.txt',
          eventType: 'Microsoft.Storage.BlobCreated',
          eventTime: '2017-06-26T18:41:00.9584103Z',
          id: '831e1650-001e-001b-66ab-eeb76e069631',
          data: {
            api: 'PutBlockList',
            contentType: 'application/octet-stream',
            contentLength: 524288,
            blobType: 'BlockBlob',
            url: 'https://demo.blob.core.windows.net/container/new-file.txt',
          },
          dataVersion: '',
          metadataVersion: '1',
        },
      ],
    },
  ],
}
