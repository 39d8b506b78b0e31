import { duration } from '../../nodes/contract/shown.ts'
import { type TargetLimits, limitsInWords } from '../../nodes/contract/target-limits.ts'
import type { InLine } from '../storage/storage.ts'
import { pause } from './break.ts'
import type { Tools } from './hand.ts'

/** Thrown where a request finds its target taken: no failure and no attempt, the step comes back when its turn comes. */
export class ToldToWait extends Error {
  override readonly name = 'ToldToWait'
  readonly inLine: InLine
  /** Milliseconds since 1970. */
  readonly resumeAt: number
  constructor(inLine: InLine, resumeAt: number) {
    super(`waits for its turn at ${inLine.target}`)
    this.inLine = inLine
    this.resumeAt = resumeAt
  }
}

/** A request's place among those that its target takes; disposing gives it up. */
export interface Place extends Disposable {
  /** How long it stood in line, in a sentence; undefined where its turn came at once. */
  readonly waited: string | undefined
}

/**
 * Takes a place at a target that has limits: at once, or after a moment in hand.
 * Throws `ToldToWait` where its turn comes later, and the signal's reason when that aborts.
 * @param before how it stood in line when it last asked; in that before another target it counts for nothing
 */
export async function enterTarget(
  { targets, clock }: Pick<Tools, 'targets' | 'clock'>,
  {
    target,
    limits,
    id,
    before,
    signal,
  }: {
    readonly target: string
    readonly limits: TargetLimits
    readonly id: string
    readonly before: InLine | undefined
    readonly signal: AbortSignal
  },
): Promise<Place> {
  const askedAt = clock.now()
  const { since, looks } = before?.target === target ? before : { since: askedAt, looks: 0 }
  const entrance = await targets.enter({ target, limits, id, looks })
  if (entrance.kind === 'later') {
    const resumeAt = Math.ceil(clock.now() + entrance.waitMs)
    throw new ToldToWait({ target, limits: limitsInWords(limits), since, looks: looks + 1 }, resumeAt)
  }
  try {
    await pause(entrance.waitMs, signal)
  } catch (reason) {
    entrance.leave()
    throw reason
  }
  const waitedSeconds = Math.round((clock.now() - since) / 1_000)
  return {
    waited:
      looks === 0
        ? undefined
        : `Waited ${duration(waitedSeconds)} for its turn at ${target}: ${limitsInWords(limits)}.`,
    [Symbol.dispose]: () => entrance.leave(),
  }
}
