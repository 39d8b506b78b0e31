import { expect, test } from 'vitest'
import { sign, signingKey } from '../../server/runtime/signature.ts'

/** https://github.com/standard-webhooks/standard-webhooks, libraries/javascript/src/index.test.ts: "sign function works". */
test('signs as the published vector does', () => {
  const key = signingKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  if (key === undefined) throw new Error('the secret of the vector was not read')
  expect(
    sign({
      key,
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1_614_265_330,
      body: Buffer.from('{"test": 2432232314}'),
    }),
  ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test.each(['whsec_', 'whsec_***', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw!', ''])(
  'reads no key from "%s"',
  (secret) => {
    expect(signingKey(secret)).toBeUndefined()
  },
)
