import type { SignatureScheme } from '../../nodes/contract/scheme.ts'

type Form = NonNullable<SignatureScheme['urlForms']>[number]

/** All forms in which the provider may have signed a URL, the one that came first. */
export function compileUrlForms(forms: readonly Form[]): (url: string) => readonly string[] {
  if (forms.length === 0) return (url) => [url]
  return (url) => {
    const found = new Set([url])
    for (const form of forms) {
      for (const known of Array.from(found)) for (const other of others[form](known)) found.add(other)
    }
    return [...found]
  }
}

const others: Readonly<Record<Form, (url: string) => readonly string[]>> = {
  port: portForms,
  quotes: (url) => [url.replaceAll('%27', "'"), url.replaceAll("'", '%27')],
  decoded: (url) => [url.replaceAll(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, decodeURIComponent)],
}

/** The URL without a port and with one, its own or its scheme's; all else stays as it is written. */
function portForms(url: string): readonly string[] {
  const [, start, authority, port, rest] = /^(https?:\/\/)([^/?#]*?)(:\d+)?((?:[/?#].*)?)$/s.exec(url) ?? []
  if (start === undefined) return [url]
  return ['', port ?? (start === 'https://' ? ':443' : ':80')].map(
    (form) => `${start}${authority}${form}${rest}`,
  )
}
