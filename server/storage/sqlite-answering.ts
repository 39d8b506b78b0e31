import type Database from 'better-sqlite3'
import { type Calls, openCalls } from './sqlite-calls.ts'
import { keepLogShort } from './sqlite-checkpoint.ts'
import { type Outcome, openCommits, readAll, told } from './sqlite-commit.ts'
import { faultOf } from './sqlite-errors.ts'
import type { AcceptArgs } from './sqlite-events.ts'
import type { Intake } from './sqlite-intake.ts'
import type { Call } from './sqlite-lane.ts'

/** Answers the calls of one message: reads one by one, writes in one commit. */
export function openAnswering(db: Database.Database) {
  const log = keepLogShort(db)
  const { reads, writes, intake } = openCalls(db)
  const commit = openCommits(db, log)
  const wanted = wantedOf(intake)

  function write(calls: readonly Call[]): Outcome {
    const accepts = calls.flatMap(([name, args]) =>
      name === 'accept' ? [args as unknown as AcceptArgs] : [],
    )
    const taking = intake.taking(accepts, calls.length)
    if (taking === undefined) {
      for (const [event] of accepts) intake.revealKey(event)
      return commit(calls.map(bound(writes)))
    }
    const others = calls.filter(([name]) => name !== 'accept')
    const outcome = commit([...others.map(bound(writes)), () => intake.store(taking)])
    return spread(calls, outcome, others.length, intake)
  }

  return {
    answer(kind: keyof Calls, calls: readonly Call[]): Outcome {
      try {
        for (const [name, args] of calls) wanted[kind][name]?.(args)
      } catch (error) {
        // What they look for cannot be filed now, so nobody knows whether it is there.
        const fault = faultOf(told(error))
        return { values: [], faults: calls.map((_, place) => [place, fault]) }
      }
      return kind === 'reads' ? readAll(calls.map(bound(reads))) : write(calls)
    },
    close() {
      intake.close()
      log.close()
      db.close()
    },
  }
}

/** What a call needs of what is not filed yet. A list takes what it can wait for; the balance counts all by itself. */
function wantedOf(intake: Intake) {
  const it = ([id]: readonly unknown[]) => intake.reveal(String(id))
  const some = () => intake.revealSome()
  const all = () => intake.revealAll()
  const reads = { event: it, body: it, run: it, events: some, runs: some }
  const writes = {
    keepAnswer: it,
    claim: it,
    begin: it,
    cancel: it,
    resume: it,
    createRun: ([run]: readonly unknown[]) => intake.reveal(String((run as readonly unknown[])[1])),
    deleteWorkflow: all,
    purgeSlice: all,
  }
  const wanted: {
    readonly [kind in keyof Calls]: { readonly [name: string]: (args: readonly unknown[]) => void }
  } = {
    reads: reads satisfies { readonly [name in keyof Calls['reads']]?: unknown },
    writes: writes satisfies { readonly [name in keyof Calls['writes']]?: unknown },
  }
  return wanted
}

/** From the outcome of the other calls and, last, of the bundle, to that of each call. */
function spread(calls: readonly Call[], outcome: Outcome, bundleAt: number, intake: Intake): Outcome {
  const faults = new Map(outcome.faults)
  const refused = faults.get(bundleAt)
  if (refused === undefined) intake.took(outcome.values[bundleAt] as ReturnType<Intake['store']>)
  let next = 0
  const values: unknown[] = []
  const all: (readonly [number, ReturnType<typeof faultOf>])[] = []
  for (const [place, [name]] of calls.entries()) {
    const isAccept = name === 'accept'
    const fault = isAccept ? refused : faults.get(next)
    values.push(isAccept ? undefined : outcome.values[next])
    if (fault !== undefined) all.push([place, fault])
    if (!isAccept) next += 1
  }
  return { values, faults: all }
}

type Callable = (...args: never[]) => unknown

/** The caller's side has checked names and arguments against the type of the same table (`Connection`). */
const bound =
  (table: { readonly [name: string]: Callable }) =>
  ([name, args]: Call) =>
  (): unknown => {
    const call = table[name]
    if (call === undefined) throw new Error(`the store knows no call ${name}`)
    return call(...(args as never[]))
  }
