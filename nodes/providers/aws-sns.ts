import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'

const places = ['https://sns.*.amazonaws.com/*', 'https://sns.*.amazonaws.com.cn/*']

const version1: SignatureScheme = {
  kind: 'signature',
  from: [{ body: 'Signature' }],
  algorithm: 'rsa-sha1',
  encoding: 'base64',
  key: 'public',
  signed: '{lines:Message,MessageId,Subject?,SubscribeURL?,Timestamp,Token?,TopicArn,Type}',
  // A message keeps its time while it is tried again, an hour at most by default.
  timestamp: { from: { body: 'Timestamp' }, unit: 'rfc3339', toleranceSeconds: 3_600, direction: 'both' },
  certificate: {
    from: { body: 'SigningCertURL' },
    urls: places.map((place) => `${place}.pem`),
    // All topics of all accounts are signed with the same key: only the topic tells ours.
    secretAt: { body: 'TopicArn' },
  },
  when: [{ from: { body: 'SignatureVersion' }, is: '1' }],
}

const version2: SignatureScheme = {
  ...version1,
  algorithm: 'rsa-sha256',
  when: [{ from: { body: 'SignatureVersion' }, is: '2' }],
}

export const awsSns: Provider = {
  id: 'aws-sns',
  title: 'AWS SNS',
  icon: 'cloud',
  link: 'https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html',
  setup: [
    'Paste the ARN of the topic (arn:aws:sns:…) into the secret field here and publish this workflow.',
    'In the AWS console, open the topic → Create subscription, choose the protocol HTTPS and paste the hook URL as the endpoint.',
    'Leave "raw message delivery" off: raw messages are not signed.',
    'The subscription is confirmed for you, as soon as its signature is found right.',
  ],
  schemes: [
    { ...version2, otherwise: version1 },
    { ...version2, variant: 'sha256' },
  ],
  settings: ['variant', 'timestamp'],
  handshakes: [
    {
      methods: ['POST'],
      when: [{ from: { body: 'Type' }, is: 'SubscriptionConfirmation' }],
      order: 'after',
      visits: { from: { body: 'SubscribeURL' }, urls: places.map((place) => `${place}?*`) },
      answer: { kind: 'fixed', status: 200 },
    },
  ],
  type: [{ body: 'Subject' }, { body: 'Type' }],
  delivery: [{ body: 'MessageId' }],
  samples: [
    {
      title: 'Notification',
      headers: {
        'content-type': 'text/plain; charset=UTF-8',
        'user-agent': 'Amazon Simple Notification Service Agent',
        'x-amz-sns-message-type': 'Notification',
        'x-amz-sns-message-id': '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
        'x-amz-sns-topic-arn': 'arn:aws:sns:us-west-2:123456789012:MyTopic',
      },
      body: {
        Type: 'Notification',
        MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
        TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
        Subject: 'My First Message',
        Message: 'Hello world!',
        Timestamp: '2012-05-02T00:54:06.655Z',
        SignatureVersion: '2',
        Signature: 'made-by-amazon-alone',
        SigningCertURL:
          'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
        UnsubscribeURL:
          'https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=arn:aws:sns:us-west-2:123456789012:MyTopic:c9135db0-26c4-47ec-8998-413945fb5a96',
      },
    },
  ],
}
