import type Database from 'better-sqlite3'
import { type AcceptArgs, readBundled } from './sqlite-accepts.ts'
import { type Calls, openCalls } from './sqlite-calls.ts'
import { keepLogShort } from './sqlite-checkpoint.ts'
import { type Outcome, openCommits, readAll, told } from './sqlite-commit.ts'
import { type Fault, faultOf } from './sqlite-errors.ts'
import type { Intake } from './sqlite-intake.ts'
import type { Call, Message } from './sqlite-lane.ts'
import type { RunFilter } from './storage.ts'

/** Answers one message: reads one by one, writes and new events in one commit. */
export function openAnswering(db: Database.Database) {
  const log = keepLogShort(db)
  const { reads, writes, accept, intake, keys } = openCalls(db)
  const commit = openCommits(db, log)
  const wanted = wantedOf(intake)

  return {
    answer(kind: keyof Calls, { arrivals, calls }: Message): Outcome {
      const events = arrivals?.digest.count ?? 0
      let hashes: Float64Array | undefined
      let accepts: readonly AcceptArgs[] = []
      try {
        for (const [name, args] of calls) wanted[kind][name]?.(args)
        hashes = arrivals && intake.taking(arrivals.digest, events + calls.length)
        if (arrivals !== undefined && hashes === undefined)
          accepts = readBundled(arrivals.bytes, arrivals.headsBytes)
        intake.revealKeys(accepts)
      } catch (error) {
        // What they look for cannot be filed now, so nobody knows whether it is there.
        const fault = faultOf(told(error))
        return { values: [], faults: Array.from({ length: events + calls.length }, (_, at) => [at, fault]) }
      }
      if (kind === 'reads') return readAll(calls.map(bound(reads)))
      const others = calls.map(bound(writes))
      if (arrivals === undefined || hashes === undefined) {
        return commit([...accepts.map((args) => () => accept(args)), ...others])
      }
      const taken = hashes
      return spread(commit([() => intake.store(arrivals, taken), ...others]), events, intake)
    },
    close() {
      intake.close()
      keys.close()
      log.close()
      db.close()
    },
  }
}

/** What a call needs of what is not filed yet. A list takes what it can wait for; some look for it by themselves. */
function wantedOf(intake: Intake) {
  const it = ([id]: readonly unknown[]) => intake.reveal(String(id))
  const some = () => intake.revealSome()
  const ofWorkflow = ([id]: readonly unknown[]) => intake.revealOf(String(id))
  const runs = ([filter]: readonly unknown[]) => {
    const { eventId } = filter as RunFilter
    if (eventId === undefined) intake.revealSome()
    else intake.reveal(eventId)
  }
  const reads = { event: it, body: it, run: it, events: some, runs }
  const writes = {
    keepAnswer: it,
    claim: it,
    begin: it,
    cancel: it,
    resume: it,
    createRun: ([run]: readonly unknown[]) => intake.reveal(String((run as readonly unknown[])[1])),
    deleteWorkflow: ofWorkflow,
    purgeSlice: ofWorkflow,
  }
  const wanted: {
    readonly [kind in keyof Calls]: { readonly [name: string]: (args: readonly unknown[]) => void }
  } = {
    reads: reads satisfies { readonly [name in keyof Calls['reads']]?: unknown },
    writes: writes satisfies { readonly [name in keyof Calls['writes']]?: unknown },
  }
  return wanted
}

/** From the outcome of the bundle, which comes first, and the other calls to that of each event and call. */
function spread({ values, faults }: Outcome, events: number, intake: Intake): Outcome {
  const refused = faults.find(([place]) => place === 0)
  if (refused === undefined) intake.took(values[0] as ReturnType<Intake['store']>)
  const each: (readonly [number, Fault])[] = []
  for (const [place, fault] of faults) {
    if (place > 0) each.push([place - 1 + events, fault])
    else for (let event = 0; event < events; event += 1) each.push([event, fault])
  }
  return { values: [...Array<undefined>(events), ...values.slice(1)], faults: each }
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
