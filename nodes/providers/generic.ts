/** For senders without a file of their own: the same language, filled in from the workflow's settings. */
import type { Provider } from '../contract/provider.ts'
import {
  jwtAlgorithms,
  readSource,
  type Scheme,
  type SignatureAlgorithm,
  type VerificationSettings,
} from '../contract/scheme.ts'

/** Five minutes, as most providers have it. */
const toleranceSecondsDefault = 300

const sample = {
  title: 'an order',
  headers: { 'content-type': 'application/json' },
  body: { type: 'order.created', id: 'ord_1001', amount: 4200, currency: 'EUR' },
}

const algorithms: Readonly<Partial<Record<string, SignatureAlgorithm>>> = {
  sha1: 'hmac-sha1',
  sha256: 'hmac-sha256',
  sha384: 'hmac-sha384',
  sha512: 'hmac-sha512',
  'hmac-sha1': 'hmac-sha1',
  'hmac-sha256': 'hmac-sha256',
  'hmac-sha384': 'hmac-sha384',
  'hmac-sha512': 'hmac-sha512',
  ed25519: 'ed25519',
  'ecdsa-p256-sha256': 'ecdsa-p256-sha256',
  'rsa-sha256': 'rsa-sha256',
}
export const algorithmNames = Object.keys(algorithms)

function signatureScheme(settings: VerificationSettings): readonly Scheme[] {
  const { parts, timestamp } = settings
  const algorithm = algorithms[settings.algorithm ?? 'sha256']
  if (algorithm === undefined) return []
  const hmac = algorithm.startsWith('hmac-')
  const timestampFrom =
    timestamp?.from ?? (parts?.timestamp === undefined ? undefined : `part:${parts.timestamp}`)
  return [
    {
      kind: 'signature',
      from: [
        settings.query === undefined || settings.header !== undefined
          ? { header: (settings.header ?? 'x-signature').toLowerCase() }
          : { query: settings.query },
      ],
      ...(parts && {
        parts: { separator: parts.separator ?? ',', assign: parts.assign ?? '=', signature: parts.signature },
      }),
      ...(settings.prefix !== undefined && { prefix: settings.prefix }),
      algorithm,
      encoding: settings.encoding ?? 'hex',
      key: settings.key ?? (hmac ? 'text' : 'public'),
      // A timestamp that stands in the body is signed with it.
      signed:
        settings.signed ?? (timestampFrom?.startsWith('body:') === false ? '{timestamp}.{body}' : '{body}'),
      ...(settings.id !== undefined && { id: readSource(settings.id) }),
      ...(timestampFrom !== undefined && {
        timestamp: {
          from: readSource(timestampFrom),
          unit: timestamp?.unit ?? 'seconds',
          toleranceSeconds: timestamp?.toleranceSeconds ?? toleranceSecondsDefault,
          direction: 'both',
        },
      }),
    },
  ]
}

export const hmac: Provider = {
  id: 'hmac',
  secretIsOwn: true,
  title: 'Any signature',
  icon: 'pen-line',
  link: 'https://www.rfc-editor.org/rfc/rfc2104',
  setup: [
    'Paste the hook URL and the secret where the sender asks for them.',
    'Say which header carries the signature, and what stands before it (such as sha256=).',
    'Where the sender signs more than the body, say what: {timestamp}.{body}, for example.',
  ],
  schemes: signatureScheme,
  settings: [
    'header',
    'query',
    'parts',
    'signed',
    'algorithm',
    'encoding',
    'prefix',
    'key',
    'id',
    'timestamp',
  ],
  samples: [sample],
}

export const bearer: Provider = {
  id: 'bearer',
  secretIsOwn: true,
  title: 'Bearer token',
  icon: 'key-round',
  link: 'https://www.rfc-editor.org/rfc/rfc6750',
  setup: ['Let the sender add the header "Authorization: Bearer <secret>" to its requests.'],
  schemes: ({ header = 'authorization' }) => [
    { kind: 'token', from: [{ header: header.toLowerCase() }], authScheme: 'Bearer' },
  ],
  settings: ['header'],
  samples: [sample],
}

export const apiKey: Provider = {
  id: 'api-key',
  secretIsOwn: true,
  title: 'API key',
  icon: 'key',
  link: 'https://swagger.io/docs/specification/v3_0/authentication/api-keys/',
  setup: [
    'Let the sender add the secret to its requests, in a header (X-Api-Key, unless you name another).',
    'A query parameter works where a header cannot be set, but URLs end up in logs: take the header where you can.',
  ],
  schemes: ({ header, query, prefix }) => [
    {
      kind: 'token',
      from: [
        query === undefined || header !== undefined
          ? { header: (header ?? 'x-api-key').toLowerCase() }
          : { query },
      ],
      ...(prefix !== undefined && { authScheme: prefix.trimEnd() }),
    },
  ],
  settings: ['header', 'query', 'prefix'],
  samples: [sample],
}

export const basic: Provider = {
  id: 'basic',
  secretIsOwn: true,
  title: 'User and password',
  icon: 'user-round',
  link: 'https://www.rfc-editor.org/rfc/rfc7617',
  setup: [
    'Enter the user name, and the password as the secret; or user:password as the secret.',
    'Many senders take it in the URL: https://user:password@… in front of the host.',
  ],
  schemes: ({ username }) => [{ kind: 'basic', ...(username !== undefined && { username }) }],
  settings: ['username'],
  samples: [sample],
}

export const jwt: Provider = {
  id: 'jwt',
  title: 'JSON Web Token',
  icon: 'badge-check',
  link: 'https://www.rfc-editor.org/rfc/rfc7519',
  setup: [
    'Paste what checks the token as the secret: the shared text, a public key (PEM), or a key set (JWKS as JSON).',
    'Where the sender publishes its keys, name their URL instead of a secret, with the audience that its tokens are for.',
    'Name the algorithms that the sender uses; others are refused.',
    'Name issuer and audience where the sender tells them: a token made for somebody else is then refused.',
  ],
  schemes: ({
    header = 'authorization',
    algorithm,
    algorithms = [],
    issuer,
    audience,
    keysUrl,
    timestamp,
  }) => [
    {
      kind: 'jwt',
      from: { header: header.toLowerCase() },
      authScheme: 'Bearer',
      algorithms: jwtAlgorithms.filter((name) => name === algorithm || algorithms.includes(name)),
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
      ...(keysUrl !== undefined && { keys: { kind: 'jwks', url: keysUrl } }),
      toleranceSeconds: timestamp?.toleranceSeconds ?? 30,
    },
  ],
  settings: ['header', 'algorithm', 'algorithms', 'issuer', 'audience', 'keysUrl', 'timestamp'],
  samples: [sample],
}

export const none: Provider = {
  id: 'none',
  title: 'None',
  icon: 'lock-open',
  link: 'https://www.standardwebhooks.com',
  setup: ['Whoever knows the hook URL can start this workflow: keep it secret, or choose a scheme.'],
  schemes: [{ kind: 'none' }],
  settings: [],
  samples: [sample],
}

/** Ways of one's own, in the order in which they are offered. */
export const ways: readonly Provider[] = [hmac, bearer, apiKey, basic, jwt, none]
