/** Bytes as people write them; KB and MB count by 1,024, as the limits do. */
const sizes: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1_024,
  kib: 1_024,
  mb: 1_048_576,
  mib: 1_048_576,
}

/** `undefined` for what is no size. */
export function readBytes(text: string): number | undefined {
  const [, amount, unit = ''] = /^([\d.,\s]+?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const size = sizes[unit.toLowerCase()]
  const count = Number(amount?.replaceAll(/[\s,]/g, ''))
  return amount === undefined || size === undefined || !Number.isFinite(count)
    ? undefined
    : Math.round(count * size)
}

/** Exact: what is no whole number of KB stays in bytes. */
export function sizeInWords(bytes: number): string {
  if (bytes >= 1_048_576 && bytes % 1_048_576 === 0) return `${bytes / 1_048_576} MB`
  return bytes >= 1_024 && bytes % 1_024 === 0 ? `${bytes / 1_024} KB` : `${bytes} B`
}
