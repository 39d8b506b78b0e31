import { hash } from 'node:crypto'
import type { ProgramKind } from './runtime.ts'
import type { Rank } from './sandbox-job.ts'

/** Programs remembered; who is forgotten is new again. */
const programsMax = 20_000

/** How each program has behaved: the least recently judged are forgotten first. */
export class Standing {
  readonly #ranks = new Map<string, Exclude<Rank, 'new'>>()

  of(program: string): Rank {
    return this.#ranks.get(program) ?? 'new'
  }

  set(program: string, rank: Exclude<Rank, 'new'>): void {
    if (this.#ranks.get(program) === rank) return
    this.#ranks.delete(program)
    this.#ranks.set(program, rank)
    if (this.#ranks.size <= programsMax) return
    for (const oldest of this.#ranks.keys()) {
      this.#ranks.delete(oldest)
      return
    }
  }
}

/** A short name of a program: the source itself may be long. */
export function programName(workflowId: string, kind: ProgramKind, source: string): string {
  return hash('sha1', `${workflowId}\n${kind}\n${source}`, 'base64')
}
