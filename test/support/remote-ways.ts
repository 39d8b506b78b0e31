/** The ways that need the provider's own word: certificates, published keys, an answer. Each sets up its part of an internet. */
import { createHash, generateKeyPairSync, type KeyObject, sign as signWithKey } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { SignJWT } from 'jose'
import { providers } from '../../nodes/providers/index.ts'
import { type Internet, internetFile } from './internet.ts'
import { type Delivery, type Pair, type Way, bodyOfSample, readPrivateKey } from './ways.ts'

const same = (text: string): Pair => ({ told: text, own: text })
const bodyOf = (id: string): Buffer => {
  const provider = providers.get(id)
  if (provider === undefined) throw new Error(`no provider ${id}`)
  return bodyOfSample(provider)
}
const json = { 'content-type': 'application/json' }
const answerJson = (value: unknown) => ({ headers: json, body: JSON.stringify(value) })

export const remoteWays = (internet: Internet): readonly Way[] => [
  paypal(internet),
  paypalAsked(internet),
  sns(internet, 'SHA1'),
  sns(internet, 'SHA256'),
  published(internet, {
    name: 'google-pubsub',
    settings: { scheme: 'google-pubsub' },
    place: 'www.googleapis.com/oauth2/v3/certs',
    secrets: [
      'push@one.iam.gserviceaccount.com',
      'push@two.iam.gserviceaccount.com',
      'push@three.iam.gserviceaccount.com',
    ],
    claims: (secret, url) => ({
      iss: 'https://accounts.google.com',
      aud: url,
      email: secret,
      email_verified: true,
    }),
  }),
  published(internet, {
    name: 'azure-event-grid, entra',
    settings: {
      scheme: 'azure-event-grid',
      variant: 'entra',
      issuer: 'https://sts.windows.net/tenant/',
      audience: 'api://hookloom',
    },
    place: 'login.microsoftonline.com/common/discovery/v2.0/keys',
    claims: () => ({ iss: 'https://sts.windows.net/tenant/', aud: 'api://hookloom' }),
  }),
  published(internet, {
    name: 'jwt, keysUrl',
    settings: {
      scheme: 'jwt',
      keysUrl: 'https://issuer.example.com/jwks.json',
      issuer: 'https://issuer.example.com',
      audience: 'hookloom',
    },
    place: 'issuer.example.com/jwks.json',
    claims: () => ({ iss: 'https://issuer.example.com', aud: 'hookloom' }),
  }),
  plaidByKey(),
  plaidById(internet),
]

const certificatePlace = 'api.paypal.com/v1/notifications/certs/CERT-1'

/** What PayPal sends beside an event, signed with this key. */
export function paypalHeaders(webhookId: string, body: Buffer, key: KeyObject, nowMs: number) {
  const [id, time] = ['69cd13f0-d67a-11e5-baa3-778b53f4ae55', new Date(nowMs).toISOString()]
  const signature = signWithKey('sha256', Buffer.from(`${id}|${time}|${webhookId}|${crc32(body)}`), key)
  return {
    'paypal-transmission-id': id,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': signature.toString('base64'),
    'paypal-cert-url': `https://${certificatePlace}`,
    'paypal-auth-algo': 'SHA256withRSA',
  }
}

function paypal(internet: Internet): Way {
  internet.put(certificatePlace, { body: internetFile('paypal.pem') })
  internet.put('cacerts.digicert.com/HookloomTestIssuer.crt', { body: internetFile('issuer.crt') })
  const key = readPrivateKey(internetFile('paypal.key'))
  return {
    name: 'paypal',
    settings: { scheme: 'paypal', timestamp: { toleranceSeconds: 300 } },
    pairs: [same('1JE4291016473214C'), same('2JE4291016473214C'), same('3JE4291016473214C')],
    coversBody: true,
    tolerance: 300,
    direction: 'both',
    status: 200,
    deliver: async ({ own }, _url, nowMs) => {
      const body = bodyOf('paypal')
      return { headers: { ...json, ...paypalHeaders(own, body, key, nowMs) }, query: {}, body }
    },
  }
}

/** PayPal as it answers about itself: it knows what it signed, and for which webhook. */
function paypalAsked(internet: Internet): Way {
  const key = readPrivateKey(internetFile('paypal.key'))
  internet.put('api-m.paypal.com/v1/oauth2/token', ({ headers, body }) => {
    const [, pair = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? []
    const [user = ''] = Buffer.from(pair, 'base64').toString().split(':')
    return body === 'grant_type=client_credentials'
      ? answerJson({ access_token: `token-of-${user}`, expires_in: 32_400 })
      : { status: 400, body: '{}' }
  })
  internet.put('api-m.paypal.com/v1/notifications/verify-webhook-signature', ({ headers, body }) => {
    const asked = JSON.parse(body) as Readonly<Record<string, string>>
    const event = body.slice(body.indexOf('"webhook_event":') + '"webhook_event":'.length, -1)
    const { transmission_id, transmission_time, webhook_id, transmission_sig = '', auth_algo } = asked
    const text = `${transmission_id}|${transmission_time}|${webhook_id}|${crc32(Buffer.from(event))}`
    const right = signWithKey('sha256', Buffer.from(text), key).toString('base64')
    const isRight =
      auth_algo === 'SHA256withRSA' &&
      right === transmission_sig &&
      headers.authorization === `Bearer token-of-client-${webhook_id}`
    return answerJson({ verification_status: isRight ? 'SUCCESS' : 'FAILURE' })
  })
  const pair = (id: string): Pair => same(`${id}:client-${id}:the-password-of-${id}`)
  return {
    name: 'paypal, verify',
    settings: { scheme: 'paypal', variant: 'verify' },
    pairs: [pair('1JE42910'), pair('2JE42910'), pair('3JE42910')],
    coversBody: true,
    tolerance: undefined,
    direction: 'both',
    status: 200,
    deliver: async ({ own }, _url, nowMs) => {
      const body = bodyOf('paypal')
      const [id = ''] = own.split(':')
      return { headers: { ...json, ...paypalHeaders(id, body, key, nowMs) }, query: {}, body }
    },
  }
}

/** Amazon's own list of what is signed, in its order. */
export function signedAsSns(message: Readonly<Record<string, string>>, hash: 'SHA1' | 'SHA256'): Buffer {
  const text = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('')
  const signature = signWithKey(hash, Buffer.from(text), readPrivateKey(internetFile('sns.key')))
  return Buffer.from(JSON.stringify({ ...message, Signature: signature.toString('base64') }))
}

export const snsCertificate = 'sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem'

function sns(internet: Internet, hash: 'SHA1' | 'SHA256'): Way {
  internet.put(snsCertificate, { body: internetFile('sns.pem') })
  const topic = (name: string) => same(`arn:aws:sns:eu-west-1:123456789012:${name}`)
  return {
    name: `aws-sns, ${hash}`,
    settings: { scheme: 'aws-sns' },
    pairs: [topic('Orders'), topic('Invoices'), topic('Somebody-elses')],
    coversBody: true,
    tolerance: 3_600,
    direction: 'both',
    status: 200,
    deliver: async ({ own }, _url, nowMs) => ({
      headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' },
      query: {},
      body: signedAsSns(
        {
          Type: 'Notification',
          MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
          TopicArn: own,
          Subject: 'An order',
          Message: '{"order":17}',
          Timestamp: new Date(nowMs).toISOString(),
          SignatureVersion: hash === 'SHA1' ? '1' : '2',
          SigningCertURL: `https://${snsCertificate}`,
        },
        hash,
      ),
    }),
  }
}

interface Published {
  readonly name: string
  readonly settings: Way['settings']
  readonly place: string
  readonly secrets?: readonly [string, string, string]
  readonly claims: (secret: string, url: string) => Readonly<Record<string, unknown>>
}

/** A JSON Web Token by a key that the provider publishes. Without secrets, who is not the provider has another key. */
function published(internet: Internet, { name, settings, place, secrets, claims }: Published): Way {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  const foreign = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey
  internet.put(
    place,
    answerJson({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'key-1', use: 'sig' }] }),
  )
  const [a, b, c] = secrets ?? ['', '', '']
  return {
    name,
    settings,
    pairs: [
      secrets === undefined ? { told: '', own: '', key: privateKey } : same(a),
      secrets === undefined ? { told: '', own: '', key: privateKey } : same(b),
      secrets === undefined ? { told: '', own: '', key: foreign } : same(c),
    ],
    coversBody: false,
    tolerance: 330,
    direction: 'past',
    status: 200,
    deliver: async ({ own, key = privateKey }, url, nowMs): Promise<Delivery> => {
      const seconds = Math.floor(nowMs / 1_000)
      const token = await new SignJWT(claims(own, url))
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
        .setIssuedAt(seconds)
        .setExpirationTime(seconds + 300)
        .sign(key)
      return {
        headers: { ...json, authorization: `Bearer ${token}` },
        query: {},
        body: bodyOf(settings.scheme),
      }
    },
  }
}

async function plaidToken(key: KeyObject, body: Buffer, nowMs: number, kid: string): Promise<Delivery> {
  const hash = createHash('sha256').update(body).digest('hex')
  const token = await new SignJWT({ request_body_sha256: hash })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuedAt(Math.floor(nowMs / 1_000))
    .sign(key)
  return { headers: { ...json, 'plaid-verification': token }, query: {}, body }
}

const plaidWay = {
  settings: { scheme: 'plaid' },
  coversBody: true,
  tolerance: 300,
  direction: 'past',
  status: 200,
} as const satisfies Partial<Way>

function plaidByKey(): Way {
  const pair = (): Pair => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    return { told: JSON.stringify(publicKey.export({ format: 'jwk' })), own: '', key: privateKey }
  }
  return {
    ...plaidWay,
    name: 'plaid, {',
    pairs: [pair(), pair(), pair()],
    deliver: ({ key }, _url, nowMs) => {
      if (key === undefined) throw new Error('Plaid signs with a key')
      return plaidToken(key, bodyOf('plaid'), nowMs, 'pasted')
    },
  }
}

function plaidById(internet: Internet): Way {
  const keys = new Map(
    ['one', 'two'].map((user) => [user, generateKeyPairSync('ec', { namedCurve: 'P-256' })] as const),
  )
  internet.put('production.plaid.com/webhook_verification_key/get', ({ body }) => {
    const { client_id = '', secret, key_id } = JSON.parse(body) as Readonly<Record<string, string>>
    const key = keys.get(client_id)
    if (key === undefined || secret !== `password-of-${client_id}` || key_id !== `key-of-${client_id}`) {
      return { status: 400, body: '{}' }
    }
    return answerJson({ key: { ...key.publicKey.export({ format: 'jwk' }), kid: key_id, alg: 'ES256' } })
  })
  const foreign = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const pair = (user: string): Pair => same(`${user}:password-of-${user}`)
  return {
    ...plaidWay,
    name: 'plaid, by id',
    pairs: [pair('one'), pair('two'), pair('three')],
    deliver: ({ own }, _url, nowMs) => {
      const [user = ''] = own.split(':')
      const known = keys.get(user)
      const kid = known === undefined ? 'key-of-one' : `key-of-${user}`
      return plaidToken(known?.privateKey ?? foreign, bodyOf('plaid'), nowMs, kid)
    },
  }
}
