/** What is there at once for nearly every request, and comes later for some. */
export type Soon<T> = T | Promise<T>

/** Goes on at once with what is there: to wait for it all the same would cost every request a promise and a turn. */
export const andThen = <T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> =>
  value instanceof Promise ? value.then(next) : next(value)

/** Whether one of them passes: the first that does ends the search, and those that answer at once keep nobody waiting. */
export function someSoon<T>(
  items: readonly T[],
  passes: (item: T) => Soon<boolean>,
  from = 0,
): Soon<boolean> {
  for (let at = from; at < items.length; at += 1) {
    const item = items[at]
    const passed = item !== undefined && passes(item)
    if (passed instanceof Promise) return passed.then((yes) => yes || someSoon(items, passes, at + 1))
    if (passed) return true
  }
  return false
}
