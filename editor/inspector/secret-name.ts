/** `GITHUB`, or `GITHUB_2` where that is taken: somebody else's secret is never overwritten. */
export function freeSecretName(providerId: string, taken: ReadonlySet<string>): string {
  const base = providerId.toUpperCase().replaceAll('-', '_')
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}_${n}`
    if (!taken.has(name)) return name
  }
}

const secretBytes = 32

/** 256 bits of chance in letters that every settings page takes. */
export const makeSecret = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(secretBytes)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
