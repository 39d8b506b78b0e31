import { Unavailable } from './storage.ts'

/** What is asked of the store is answered within this time, or it is taken for away. */
const patienceMs = 10_000

/**
 * The work, or `Unavailable` when it takes longer. The driver has no time limit of its own for a whole operation, and waits for
 * ever for a socket that was ended between two looks at it (7.8: `writeCommand` awaits a `drain` that never comes): who came
 * after would wait too.
 */
export async function inTime<T>(work: Promise<T>, ms = patienceMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable(`MongoDB did not answer within ${ms / 1_000} s`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
