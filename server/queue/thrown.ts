/** A handler that throws is a bug: it is asked again soon, then ever more rarely. */
const waitMsFirst = 1_000
const waitMsMost = 30_000

/** How long a job waits whose handler threw, after so many times in a row before this one. */
export const thrownWaitMs = (before: number): number => Math.min(waitMsFirst * 2 ** before, waitMsMost)
