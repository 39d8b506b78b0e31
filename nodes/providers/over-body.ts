/** HMAC-SHA256 over the body as it came, under the secret as it stands: what half of all senders do. */
export const overBody = {
  kind: 'signature',
  algorithm: 'hmac-sha256',
  key: 'text',
  signed: '{body}',
} as const
