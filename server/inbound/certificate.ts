/** X.509 certificates of those who sign webhooks: read, dated, named, and followed up to an authority that Node knows. */
import { X509Certificate } from 'node:crypto'
import { getCACertificates } from 'node:tls'

/** From the one that signs to the authority; the web's own chains have two or three. */
const chainLengthMax = 5
const certificatesMax = 10

/** Those in a PEM text, in order, or the one in DER; none where nothing can be read. */
export function readCertificates(bytes: Buffer): readonly X509Certificate[] {
  const texts = bytes.toString('latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)
  try {
    return (texts ?? [bytes]).slice(0, certificatesMax).map((text) => new X509Certificate(text))
  } catch {
    // OpenSSL's words about bytes that are no certificate help nobody: there is none.
    return []
  }
}

export const isInForce = ({ validFrom, validTo }: X509Certificate, nowMs: number): boolean =>
  Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo)

export const isMadeOutTo = (certificate: X509Certificate, names: readonly string[]): boolean =>
  names.some((name) => certificate.checkHost(name, { wildcards: false }) !== undefined)

/** Where a certificate says that its issuer's can be had (RFC 5280, 4.2.2.1). */
export const issuerUrls = ({ infoAccess = '' }: X509Certificate): readonly string[] =>
  Array.from(infoAccess.matchAll(/^CA Issuers - URI:(\S+)$/gm), ([, url = '']) => url)

/** Whether each certificate was made by the next, all are in force, and the last is an authority's or made by one. */
export async function followChain(
  leaf: X509Certificate,
  {
    others,
    authorities,
    nowMs,
    issuerOf,
  }: {
    readonly others: readonly X509Certificate[]
    readonly authorities: readonly X509Certificate[]
    readonly nowMs: number
    readonly issuerOf: (certificate: X509Certificate) => Promise<X509Certificate | undefined>
  },
): Promise<boolean> {
  let current = leaf
  for (let length = 0; length < chainLengthMax; length += 1) {
    const { fingerprint256 } = current
    if (!isInForce(current, nowMs)) return false
    if (authorities.some((authority) => authority.fingerprint256 === fingerprint256)) return true
    const made = (by: X509Certificate) => isMadeBy(current, by)
    if (authorities.some((authority) => made(authority) && isInForce(authority, nowMs))) return true
    const issuer = others.find(made) ?? (await issuerOf(current))
    if (issuer === undefined || !made(issuer)) return false
    current = issuer
  }
  return false
}

const isMadeBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

let authorities: readonly X509Certificate[] | undefined

/** Node's list, with those that the machine's owner added to it (`NODE_EXTRA_CA_CERTS`). Read when it is first needed. */
export const knownAuthorities = (): readonly X509Certificate[] =>
  (authorities ??= getCACertificates('default').map((text) => new X509Certificate(text)))
