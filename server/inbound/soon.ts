/** What is there at once for nearly every request, and comes later for some. */
export type Soon<T> = T | Promise<T>

/** Goes on at once with what is there: to wait for it all the same would cost every request a promise and a turn. */
export const andThen = <T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> =>
  value instanceof Promise ? value.then(next) : next(value)
