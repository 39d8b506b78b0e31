import { type CertificateRule, nameSource, type SignatureScheme } from '../../nodes/contract/scheme.ts'
import { refuse } from './refusal.ts'
import type { Remote } from './remote.ts'
import type { InboundRequest } from './request.ts'
import { compileComparison, compileMatcher, genuine, mismatch, unreadable } from './signature.ts'
import { readSigned } from './signed-request.ts'
import { compileSignedText } from './signed-text.ts'
import { someSoon } from './soon.ts'
import { textAt } from './source.ts'
import { compileTokens } from './token.ts'
import type { Verdict, Verifier } from './verify.ts'

/** A signature whose key is in a certificate that the request names. The secret is no key, but a text that only we know of. */
export function compileCertificateSignature(
  scheme: SignatureScheme & { readonly certificate: CertificateRule },
  secrets: readonly string[],
  remote: Remote | undefined,
): Verifier {
  const compiled = compileSignedText(scheme.signed)
  if (!compiled.ok) return unreadable(compiled.unknown)
  const { text } = compiled
  const { certificate, algorithm } = scheme
  const { secretAt } = certificate
  const compare = compileComparison(scheme, text)
  const isSecret = compileTokens(secrets)

  async function verify(request: InboundRequest, nowMs: number): Promise<Verdict> {
    const signed = readSigned(scheme, text, request, nowMs)
    if (!signed.ok) return signed
    // First what costs nothing: whoever does not know it makes us fetch nothing.
    if (secretAt !== undefined && !isSecret(textAt(secretAt, signed) ?? '', 'utf8')) {
      const place = nameSource(secretAt)
      return refuse(401, 'token-mismatch', `${place} is not the one that this workflow expects.`)
    }
    const url = textAt(certificate.from, signed)
    if (url === undefined) {
      return refuse(401, 'signature-missing', `${nameSource(certificate.from)} is missing.`)
    }
    if (remote === undefined) return refuse(503, 'keys-unreachable', 'No certificate can be fetched here.')
    const key = await remote.certificateKey(certificate, url, nowMs)
    if (!key.ok) return key
    const fits = key.value.asymmetricKeyType === (algorithm.startsWith('rsa-') ? 'rsa' : 'ec')
    if (!fits) return mismatch
    const matches = compileMatcher(algorithm, key.value)
    const matched = await someSoon(secrets, (secret) => compare(signed, secret, matches))
    return matched ? genuine : mismatch
  }
  return { verify }
}
