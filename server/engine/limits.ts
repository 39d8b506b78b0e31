/** The engine's own limits, each with its reason. */
export const limits = {
  /** One condition, template or JSONata evaluation: a person waits for the answer behind it. */
  evaluationTimeoutMs: 1_000,
  evaluationMemoryMb: 64,
  logBytesMax: 256 * 1_024,
  /** A step's output, or the workflow's body limit where that is larger: what could come in may be passed on. */
  outputBytesMax: 1_024 * 1_024,
  /** One execution of one node: longer than the longest outbound attempt (300 s), so that that one is named first. */
  stepDeadlineMs: 330_000,
  /** One stretch of work on a run, waiting not counted. */
  runDeadlineMs: 3_600_000,
  /** A run that was taken from so many dead workers without recording anything is killing them. */
  interruptionsMax: 50,
} as const
