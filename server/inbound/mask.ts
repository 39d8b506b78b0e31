/** Headers that carry a caller's credentials, whatever the workflow verifies. */
const credentialHeaders: ReadonlySet<string> = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
])

const masked = '•••'

/** What is kept of a request's headers: no credential, and none of the workflow's own secrets wherever it stands. */
export const maskHeaders = (rawHeaders: readonly string[], secrets: readonly string[]): readonly string[] =>
  rawHeaders.map((text, at) => {
    if (at % 2 === 0) return text
    return credentialHeaders.has((rawHeaders[at - 1] ?? '').toLowerCase()) ? masked : maskText(text, secrets)
  })

/** The text without the secrets, also where they are percent-encoded. */
export const maskText = (text: string, secrets: readonly string[]): string =>
  secrets
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, masked)), text)
