import { inTime } from './mongo-patience.ts'

/** Calls that one write serves at most. */
const togetherMost = 256

interface Waiting<I, O> {
  readonly input: I
  readonly done: PromiseWithResolvers<O>
}

/**
 * Group commit: what is asked for while a write is under way shares the next. `write` answers each input in its place, by a
 * value or an error; when it throws, all of them get that.
 */
export function together<I, O>(
  write: (inputs: readonly I[]) => Promise<readonly (O | Error)[]>,
): (input: I) => Promise<O> {
  let waiting: Waiting<I, O>[] = []
  let isWriting = false
  const writeAll = async () => {
    isWriting = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, togetherMost)
      waiting = waiting.slice(togetherMost)
      try {
        const answers = await inTime(write(batch.map(({ input }) => input)))
        for (const [at, { done }] of batch.entries()) {
          const answer = answers[at]
          if (answer instanceof Error) done.reject(answer)
          else done.resolve(answer as O)
        }
      } catch (error) {
        for (const { done } of batch) done.reject(error)
      }
    }
    isWriting = false
  }
  return (input) => {
    const done = Promise.withResolvers<O>()
    waiting.push({ input, done })
    // In the next turn, with what else is asked for in this one.
    if (!isWriting) {
      isWriting = true
      setImmediate(() => void writeAll())
    }
    return done.promise
  }
}

/**
 * Lets writes of the same thing be made in the order in which they are asked for, as if there were one connection: each waits
 * for the one before it, whatever became of that.
 */
export function inTurn(): <T>(key: string, write: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (key, write) => {
    const before = last.get(key)
    const soon = () => inTime(write())
    const made = before === undefined ? soon() : before.then(soon, soon)
    last.set(key, made)
    const forget = () => {
      if (last.get(key) === made) last.delete(key)
    }
    made.then(forget, forget)
    return made
  }
}
