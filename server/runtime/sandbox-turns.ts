/**
 * Work that waits, by rank and by workflow. Ranks take turns and within a rank workflows do, so that neither a workflow with
 * a thousand evaluations nor thirty workflows of bad standing keep anybody else waiting for more than one turn.
 */
export class Turns<
  Rank extends string,
  Job extends { readonly workflowId: string; readonly settled: boolean },
> {
  readonly #queues: Map<Rank, Map<string, Job[]>>

  /** @param ranks who is asked first; whoever was served goes to the end */
  constructor(ranks: readonly Rank[]) {
    this.#queues = new Map(ranks.map((rank) => [rank, new Map()]))
  }

  push(rank: Rank, job: Job): void {
    const waiting = this.#queues.get(rank)
    const jobs = waiting?.get(job.workflowId)
    if (jobs) jobs.push(job)
    else waiting?.set(job.workflowId, [job])
  }

  /** Puts jobs back where they came from: next in turn. */
  pushFirst(rank: Rank, jobs: readonly Job[]): void {
    const [first] = jobs
    const waiting = this.#queues.get(rank)
    if (first === undefined || waiting === undefined) return
    const { workflowId } = first
    const others = [...waiting].filter(([id]) => id !== workflowId)
    const all = [...jobs, ...(waiting.get(workflowId) ?? [])]
    waiting.clear()
    waiting.set(workflowId, all)
    for (const [id, queue] of others) waiting.set(id, queue)
  }

  /** The next jobs of one workflow: as many from its front as `take` says; where it says none, the next workflow is asked. */
  next(
    ranks: readonly Rank[],
    take: (jobs: readonly Job[], rank: Rank) => number,
  ): { readonly rank: Rank; readonly jobs: readonly Job[] } | undefined {
    for (const [rank, waiting] of this.#queues) {
      if (!ranks.includes(rank)) continue
      for (const [workflowId, queue] of waiting) {
        const open = queue.some(({ settled }) => settled) ? queue.filter(({ settled }) => !settled) : queue
        const count = open.length === 0 ? 0 : take(open, rank)
        if (count > 0 || open.length === 0) waiting.delete(workflowId)
        if (count === 0) continue
        const jobs = open.splice(0, count)
        if (open.length > 0) waiting.set(workflowId, open)
        this.#queues.delete(rank)
        this.#queues.set(rank, waiting)
        return { rank, jobs }
      }
    }
    return undefined
  }

  /** How many workflows wait in a rank. */
  waiting(rank: Rank): number {
    return this.#queues.get(rank)?.size ?? 0
  }

  has(ranks: readonly Rank[]): boolean {
    return ranks.some((rank) => this.waiting(rank) > 0)
  }

  /** Everything, in no order; afterwards nothing waits. */
  drain(): readonly Job[] {
    const jobs = [...this.#queues.values()].flatMap((waiting) => [...waiting.values()].flat())
    for (const waiting of this.#queues.values()) waiting.clear()
    return jobs
  }
}
