/** Reasons of the door in a person's words. What was found stands in the refusal's own `detail`; here is what it means. */
const words: Readonly<Record<string, string>> = {
  unpublished: 'Not published yet',
  unfinished: 'The draft cannot take requests yet',
  'signature-mismatch': 'The signature did not match',
  'signature-missing': 'It was not signed',
  'signature-malformed': 'The signature cannot be read',
  'signature-repeated': 'It was signed twice',
  'timestamp-missing': 'It does not say when it was sent',
  'timestamp-malformed': 'Its time cannot be read',
  'timestamp-too-old': 'It was sent too long ago',
  'timestamp-in-future': 'It says that it comes from the future',
  'token-mismatch': 'The token is another one',
  'token-missing': 'There is no token',
  'token-malformed': 'The token cannot be read',
  'token-repeated': 'There are two tokens',
  'secret-missing': 'There is no secret here',
  'secret-unusable': 'The secret here cannot be used',
  'address-not-allowed': 'It came from an address that is not allowed',
  'method-not-allowed': 'The method is not taken',
  'too-large': 'The body is too large',
  timeout: 'The body came too slowly',
  'invalid-json': 'The body is not JSON',
  'handshake-token': 'The verify token is another one',
}

const advice: Readonly<Record<string, string>> = {
  'signature-mismatch':
    'Paste the same secret there and here. A proxy that changes the body breaks the signature too.',
  'token-mismatch': 'Paste the same token there and here.',
  'timestamp-too-old':
    'A request that is sent again by hand is old by nature. If new ones are refused, check the clocks.',
  'timestamp-in-future': 'Check the clock of this machine and that of the sender.',
  'address-not-allowed': 'Add it to the allowed addresses if you know it.',
  'method-not-allowed': 'Add the method in the settings below if the sender needs it.',
  'too-large': 'Raise the limit in the settings below if such bodies are expected.',
}

/** A reason that has no words here is shown as it is, readable enough: `bad-encoding` → `Bad encoding`. */
export const reasonWords = (reason: string): string =>
  words[reason] ?? `${reason.slice(0, 1).toUpperCase()}${reason.slice(1).replaceAll('-', ' ')}`

/** What to change, where the refusal does not say so itself. */
export const adviceOn = (reason: string): string | undefined => advice[reason]
