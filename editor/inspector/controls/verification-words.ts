/** What verification settings mean, and how they pass from one scheme to another. Pure. */
import { type Scheme, type VerificationSettings, nameSource } from '../../../nodes/contract/scheme.ts'
import { providers, schemesOf } from '../../../nodes/providers/index.ts'
import { inWords as durationInWords } from '../durations.ts'

/** The secret stays; what the new scheme does not know goes. */
export function inScheme(settings: VerificationSettings, scheme: string): VerificationSettings {
  const { secret, secrets } = settings
  const own = scheme === settings.scheme ? settings : {}
  return {
    ...own,
    scheme,
    ...(secret !== undefined && { secret }),
    ...(secrets !== undefined && { secrets }),
  }
}

/** One sentence on what is checked with these settings. */
export function inWords(settings: VerificationSettings): string {
  const schemes = schemesOf(settings)
  const provider = providers.get(settings.scheme)
  const [first] = schemes
  if (first === undefined || provider === undefined) return ''
  const others = schemes.length > 1 ? ' Which of its ways holds is told by the secret.' : ''
  return `${checked(first)}${others}`
}

function checked(scheme: Scheme): string {
  if (scheme.kind === 'none') return 'Nothing is checked.'
  if (scheme.kind === 'basic') return 'Checked: user and password in the header "authorization".'
  if (scheme.kind === 'jwt') {
    const issuer = scheme.issuer === undefined ? '' : ', its issuer'
    const audience = scheme.audience === undefined ? '' : ', its audience'
    return `Checked: a JSON Web Token in ${nameSource(scheme.from)}: its signature, its times${issuer}${audience}.`
  }
  if (scheme.kind === 'ask') return `Checked: the sender itself is asked, at ${new URL(scheme.url).host}.`
  const place = scheme.from.map(nameSource).join(' or ')
  if (scheme.kind === 'token') {
    const behind = scheme.authScheme === undefined ? '' : ` behind “${scheme.authScheme}”`
    return `Checked: the secret itself, in ${place}${behind}.`
  }
  const prefix = scheme.prefix === undefined ? '' : ` behind “${scheme.prefix}”`
  const age =
    scheme.timestamp?.toleranceSeconds === undefined
      ? ''
      : ` A request older than ${durationInWords(scheme.timestamp.toleranceSeconds)} is refused.`
  return `Checked: ${scheme.algorithm} over ${scheme.signed}, as ${scheme.encoding} in ${place}${prefix}.${age}`
}
