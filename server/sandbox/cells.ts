import ivm from 'isolated-vm'
import { base64 } from './inside/base64.ts'
import { expressionHarness } from './inside/expressions.ts'
import { hardenRealm } from './inside/realm.ts'
import { scriptHarness } from './inside/script.ts'
import { scanTemplate } from './inside/template.ts'
import { jsonataSource } from './jsonata-source.ts'
import type { Task } from './protocol.ts'

/** An isolate of one workflow, for expressions or for scripts, with what it has compiled. */
export type Cell = ExpressionCell | ScriptCell

interface Common {
  readonly isolate: ivm.Isolate
  usedAt: number
  uses: number
}
export interface ExpressionCell extends Common {
  readonly kind: 'expressions'
  readonly harness: ivm.Reference
}
export interface ScriptCell extends Common {
  readonly kind: 'script'
  /** Its value is a new harness in whatever context it runs. */
  readonly harness: ivm.Script
  readonly programs: Map<string, ivm.Script>
}

/** Isolates that one child keeps. One with jsonata takes about 3 MB and 20 ms to make. */
const cellsMax = 64
const idleMsMax = 60_000
/** Above this the least recently used half goes: sixty isolates full of garbage would be gigabytes. */
const residentMbMax = 192
/** Every so many batches the heap is looked at (70 µs). */
const usesBetweenLooks = 64
/** Above this share of its limit an isolate is replaced: garbage counts, and the next batch must find room. */
const heapShareMax = 0.6

const expressionSource = `(() => {
  const harness = (${String(expressionHarness)})(${jsonataSource()}, ${String(scanTemplate)})
  ;(${String(hardenRealm)})()
  return Object.freeze(harness)
})()`
const scriptSource = `(${String(scriptHarness)})((${String(base64)})())`

/** The isolates of a child, least recently used first. */
export class Cells {
  readonly #cells = new Map<string, Cell>()
  readonly #onCatastrophe: (message: string) => void

  constructor(onCatastrophe: (message: string) => void) {
    this.#onCatastrophe = onCatastrophe
  }

  /** The isolate of the task's workflow; a new one if it has none or the task asks for a fresh one. */
  async of(task: Task): Promise<Cell> {
    const key = `${task.kind} ${task.memoryMb} ${task.workflowId}`
    const known = this.#cells.get(key)
    const isKept = known && !task.fresh && !known.isolate.isDisposed
    if (known && !isKept) dispose(known)
    const cell = isKept ? known : await this.#make(task)
    this.#cells.delete(key)
    this.#cells.set(key, cell)
    cell.usedAt = Date.now()
    cell.uses += 1
    if (!isKept) this.#dropOldest()
    return cell
  }

  /** Replaces an isolate whose garbage has come near its limit, so that a batch fails for what it does itself. */
  async tidy(cell: Cell): Promise<void> {
    if (cell.uses % usesBetweenLooks !== 0 || cell.isolate.isDisposed) return
    const { used_heap_size, externally_allocated_size, heap_size_limit } =
      await cell.isolate.getHeapStatistics()
    if (used_heap_size + externally_allocated_size > heap_size_limit * heapShareMax) dispose(cell)
  }

  dropIdle(): void {
    for (const [key, cell] of this.#cells) {
      if (!cell.isolate.isDisposed && Date.now() - cell.usedAt < idleMsMax) continue
      dispose(cell)
      this.#cells.delete(key)
    }
  }

  #dropOldest(): void {
    const isFull = process.memoryUsage.rss() > residentMbMax * 1_048_576
    const most = isFull ? Math.ceil(this.#cells.size / 2) : cellsMax
    for (const [key, cell] of this.#cells) {
      if (this.#cells.size <= most) return
      dispose(cell)
      this.#cells.delete(key)
    }
  }

  async #make({ kind, memoryMb }: Task): Promise<Cell> {
    const isolate = new ivm.Isolate({ memoryLimit: memoryMb, onCatastrophicError: this.#onCatastrophe })
    const common = { isolate, usedAt: 0, uses: 0 }
    if (kind === 'script') {
      return { ...common, kind, harness: await isolate.compileScript(scriptSource), programs: new Map() }
    }
    const context = await isolate.createContext()
    const harness = await context.eval(expressionSource, { reference: true })
    return { ...common, kind, harness }
  }
}

export function dispose({ isolate }: Cell): void {
  if (!isolate.isDisposed) isolate.dispose()
}
