import { deserialize } from 'node:v8'
import { type EventMarks, type EventValues, eventMarks, eventValues, kindCodes } from './sqlite-event-row.ts'
import { ofWorkflow } from './sqlite-keys.ts'
import { type RunValues, runValues, standings, stateCodes } from './sqlite-run-row.ts'
import type { NewEvent, NewRun } from './storage.ts'

/** What the door hands over for one event. */
export type AcceptArgs = readonly [
  event: EventValues,
  body: Uint8Array,
  marks: EventMarks | null,
  run: RunValues | null,
  graph: string | null,
]

/** The same without the bytes of its body, which lie elsewhere. */
export type EventHead = readonly [
  event: EventValues,
  bodyBytes: number,
  marks: EventMarks | null,
  run: RunValues | null,
  graph: string | null,
]

export const eventHead = (event: NewEvent, run: NewRun | undefined): EventHead => [
  eventValues(event),
  event.body.byteLength,
  eventMarks(event),
  run === undefined ? null : runValues(run),
  run?.graph ?? null,
]

/**
 * Events on their way to the store's thread, and, in a rush, as they lie until they are filed: all heads as one text (JSON in
 * UTF-8), then all bodies. What the thread gets is what it stores.
 */
export interface Bundled {
  readonly bytes: Uint8Array
  /** Of how many of them the heads are. */
  readonly headsBytes: number
  readonly digest: Digest
}

/** What has to be known of them in a rush, when nobody reads their heads. */
export interface Digest {
  readonly count: number
  /** All are new events in production, each with its run. */
  readonly isPlain: boolean
  /** How many are of each. */
  readonly workflows: ReadonlyMap<string, number>
  /** When its events and runs came. */
  readonly moments: ReadonlySet<string>
  /** Their dedupe keys, each with its workflow. */
  readonly keys: readonly string[]
}

const momentAt = 'evt_'.length
/** Ids begin with the time at which they were made: this much of it tells 32 ms. */
export const momentOf = (id: string): string => id.slice(momentAt, momentAt + 9)

export function digestOf(events: readonly (EventHead | AcceptArgs)[]): Digest {
  let isPlain = true
  const workflows = new Map<string, number>()
  const moments = new Set<string>()
  const keys: string[] = []
  let moment: string | undefined
  // Most are of the moment of the one before, and to add one again costs more than to see that.
  const addMoment = (id: string) => {
    if (moment !== undefined && id.startsWith(moment, momentAt)) return
    moment = momentOf(id)
    moments.add(moment)
  }
  for (const [[id, workflowId, kind, , , , key], , , run, graph] of events) {
    isPlain &&=
      kind === kindCodes.production &&
      graph === null &&
      run?.[3] === standings.newest &&
      run[4] === stateCodes.accepted
    workflows.set(workflowId, (workflows.get(workflowId) ?? 0) + 1)
    addMoment(id)
    if (run !== null) addMoment(run[0])
    if (key !== null) keys.push(ofWorkflow(workflowId, key))
  }
  return { count: events.length, isPlain, workflows, moments, keys }
}

export function readBundled(bytes: Uint8Array, headsBytes: number): readonly AcceptArgs[] {
  const heads = Buffer.from(bytes.buffer, bytes.byteOffset, headsBytes).toString()
  let read = headsBytes
  return (JSON.parse(heads) as readonly EventHead[]).map(([event, bodyBytes, marks, run, graph]) => {
    read += bodyBytes
    return [event, bytes.subarray(read - bodyBytes, read), marks, run, graph]
  })
}

/** As they lay before the third migration: everything in one, headers as text, `undefined` for what is not there. */
export const readFormer = (calls: Uint8Array): readonly AcceptArgs[] =>
  (deserialize(calls) as readonly Former[]).map(([event, body, marks, run, graph]) => {
    const rawHeaders = JSON.parse(String(event.at(-1))) as readonly string[]
    return [
      [...event.slice(0, -1), rawHeaders] as unknown as EventValues,
      body,
      marks ?? null,
      run ?? null,
      graph ?? null,
    ]
  })

type Former = readonly [
  event: readonly unknown[],
  body: Uint8Array,
  marks?: EventMarks,
  run?: RunValues,
  graph?: string,
]
