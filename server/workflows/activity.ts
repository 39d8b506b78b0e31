/** What went through a workflow lately, by node and port: counted from its newest runs and their journals. */
import type * as api from '../../nodes/contract/api.ts'
import type { WorkflowId } from '../../nodes/contract/ids.ts'
import type { Clock } from '../engine/clock.ts'
import type { Run, Storage } from '../storage/storage.ts'

/** Runs that are counted at most: the newest of the period. Their journals are read, so this bounds the work. */
const runsCountedMax = 1_000
const pageSize = 200
/** Events named for each port, the newest. */
const crossingsShown = 20
/** How long an answer stands: many pages may ask at once. */
const freshMs = 2_000

type Counted = api.Activity['nodes'][number]

export class Activity {
  readonly #storage: Storage
  readonly #clock: Clock
  readonly #known = new Map<string, { readonly until: number; readonly activity: Promise<api.Activity> }>()

  constructor({ storage, clock }: { readonly storage: Storage; readonly clock: Clock }) {
    this.#storage = storage
    this.#clock = clock
  }

  /** Production runs that were created in the last so many minutes. */
  of(id: WorkflowId, minutes: number): Promise<api.Activity> {
    const now = this.#clock.monotonic()
    for (const [key, { until }] of this.#known) if (until < now) this.#known.delete(key)
    const key = `${id} ${minutes}`
    const known = this.#known.get(key)
    if (known !== undefined) return known.activity
    const activity = this.#count(id, this.#clock.now() - minutes * 60_000)
    this.#known.set(key, { until: now + freshMs, activity })
    return activity
  }

  async #count(workflowId: WorkflowId, since: number): Promise<api.Activity> {
    const { runs, isAll } = await this.#runsSince(workflowId, since)
    const states: Record<string, number> = {}
    const nodes = new Map<string, Counted>()
    for (const run of runs) {
      states[run.state] = (states[run.state] ?? 0) + 1
      for (const step of await this.#storage.runs.steps(run.id)) {
        const node = nodes.get(step.nodeId) ?? { nodeId: step.nodeId, failed: 0, ports: [] }
        nodes.set(step.nodeId, node)
        if (step.state === 'failed') node.failed += 1
        if (step.state === 'succeeded' && step.port !== null) {
          crossed(node, step.port, {
            runId: run.id,
            eventId: run.eventId,
            at: new Date(step.endedAt).toISOString(),
          })
        }
      }
    }
    return {
      since: new Date(since).toISOString(),
      counted: runs.length,
      isAll,
      states,
      nodes: [...nodes.values()],
    }
  }

  async #runsSince(
    workflowId: WorkflowId,
    since: number,
  ): Promise<{ readonly runs: readonly Run[]; readonly isAll: boolean }> {
    const runs: Run[] = []
    let after: string | undefined
    for (;;) {
      const page = await this.#storage.runs.list(
        { workflowId, kind: 'production' },
        { limit: pageSize, ...(after !== undefined && { after }) },
      )
      const recent = page.items.filter(({ createdAt }) => createdAt >= since)
      runs.push(...recent)
      if (recent.length < page.items.length || page.next === null) return { runs, isAll: true }
      if (runs.length >= runsCountedMax) return { runs, isAll: false }
      after = page.next
    }
  }
}

function crossed(node: Counted, id: string, crossing: Counted['ports'][number]['newest'][number]): void {
  let port = node.ports.find((one) => one.port === id)
  if (port === undefined) {
    port = { port: id, count: 0, newest: [] }
    node.ports.push(port)
  }
  port.count += 1
  if (port.newest.length < crossingsShown) port.newest.push(crossing)
}
