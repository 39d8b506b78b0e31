/** Whether two JSON values say the same, whatever the order of their keys. */
export function equal(a: unknown, b: unknown): boolean {
  // JSON has no -0, where a snap to the grid may end: it comes back as 0.
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => equal(item, b[index]))
    )
  }
  const [ofA, ofB] = [given(a), given(b)]
  return ofA.size === ofB.size && [...ofA].every(([key, value]) => ofB.has(key) && equal(value, ofB.get(key)))
}

/** JSON knows no `undefined`: a key with it is an absent key. */
const given = (value: object): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(value).filter(([, each]) => each !== undefined))
