import type { StoredAttempt, StoredStep } from './storage.ts'

/**
 * What is known of a run is what its entries add up to. An entry is JSON: the steps that one `record` told, each with the
 * attempts that were new; or `null` where the run was resumed and lost its failed steps. Nothing is ever rewritten, and only
 * who asks for the steps reads them: most runs end without.
 */
type Entry = readonly StoredStep[] | null

export const entryOf = (steps: readonly StoredStep[]): string => JSON.stringify(steps satisfies Entry)

/** In the order in which steps were first recorded; attempts in the order in which they were added. */
export function stepsOf(entries: readonly string[]): readonly StoredStep[] {
  const steps = new Map<string, StoredStep>()
  const attempts = new Map<string, StoredAttempt[]>()
  for (const text of entries) {
    const entry = JSON.parse(text) as Entry
    if (entry === null) {
      for (const { id, state } of steps.values()) if (state === 'failed') steps.delete(id)
      continue
    }
    for (const step of entry) {
      steps.set(step.id, step)
      const made = attempts.get(step.id)
      if (made === undefined) attempts.set(step.id, [...step.attempts])
      else made.push(...step.attempts)
    }
  }
  return Array.from(steps.values(), (step) => ({ ...step, attempts: attempts.get(step.id) ?? [] }))
}
