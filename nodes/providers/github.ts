import type { Provider } from '../contract/provider.ts'
import type { SignatureScheme } from '../contract/scheme.ts'

const sha1: SignatureScheme = {
  kind: 'signature',
  from: [{ header: 'x-hub-signature' }],
  prefix: 'sha1=',
  algorithm: 'hmac-sha1',
  encoding: 'hex',
  key: 'text',
  signed: '{body}',
}

const sha256: SignatureScheme = {
  kind: 'signature',
  from: [{ header: 'x-hub-signature-256' }],
  prefix: 'sha256=',
  algorithm: 'hmac-sha256',
  encoding: 'hex',
  key: 'text',
  signed: '{body}',
  otherwise: sha1,
}

const { otherwise: _sha1, ...strict } = sha256

/**
 * GitHub sends `X-Hub-Signature` (SHA-1) beside the newer header, and GitHub Enterprise Server before 2.23 sends it alone. It
 * counts only where the newer one is absent. As a MAC, SHA-1 still holds; `variant: "sha256"` asks for the newer one always.
 */
export const github: Provider = {
  id: 'github',
  title: 'GitHub',
  icon: 'github',
  link: 'https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries',
  secretIsOwn: true,
  setup: [
    'In the repository or organisation, open Settings → Webhooks → Add webhook.',
    'Paste the hook URL into "Payload URL" and choose the content type application/json.',
    'Make up a long secret, paste it into "Secret" there and into the secret field here.',
    'Choose the events and save: GitHub sends a ping, which appears as an event of type "ping".',
  ],
  schemes: [sha256, { ...strict, variant: 'sha256' }],
  settings: ['variant'],
  type: [{ header: 'x-github-event' }],
  delivery: [{ header: 'x-github-delivery' }],
  // GitHub caps a payload at 25 MB and sends nothing larger.
  bodyBytesMax: 25 * 1_024 * 1_024,
  unwrap: { field: 'payload' },
  samples: [
    {
      title: 'push',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'GitHub-Hookshot/044aadd',
        'x-github-event': 'push',
        'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
        'x-github-hook-id': '292430182',
      },
      body: {
        ref: 'refs/heads/main',
        before: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
        after: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
        repository: {
          id: 35129377,
          name: 'public-repo',
          full_name: 'baxterthehacker/public-repo',
          private: false,
          html_url: 'https://github.com/baxterthehacker/public-repo',
          default_branch: 'main',
        },
        pusher: { name: 'baxterthehacker', email: 'baxterthehacker@users.noreply.github.com' },
        sender: { login: 'baxterthehacker', id: 6752317, type: 'User' },
        created: false,
        deleted: false,
        forced: false,
        compare: 'https://github.com/baxterthehacker/public-repo/compare/6113728f27ae...0d1a26e67d8f',
        commits: [
          {
            id: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
            message: 'Update README.md',
            timestamp: '2015-05-05T19:40:15-04:00',
            url: 'https://github.com/baxterthehacker/public-repo/commit/0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
            author: { name: 'baxterthehacker', email: 'baxterthehacker@users.noreply.github.com' },
            added: [],
            removed: [],
            modified: ['README.md'],
          },
        ],
      },
    },
  ],
}
