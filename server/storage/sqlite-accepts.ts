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
 * Events on their way to the store's thread, and, in a rush, as they lie until they are filed: all heads as one text (JSON),
 * all bodies one after the other. What the thread gets is what it stores.
 */
export interface Bundled {
  readonly heads: string
  readonly bodies: Uint8Array
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

/** Ids begin with the time at which they were made: this much of it tells 32 ms. */
export const momentOf = (id: string): string => id.slice('evt_'.length, 'evt_'.length + 9)

export function bundle(heads: readonly EventHead[], bodies: Uint8Array): Bundled {
  let isPlain = true
  const workflows = new Map<string, number>()
  const moments = new Set<string>()
  const keys: string[] = []
  for (const [[id, workflowId, kind, , , , key], , , run, graph] of heads) {
    isPlain &&=
      kind === kindCodes.production &&
      graph === null &&
      run?.[3] === standings.newest &&
      run[4] === stateCodes.accepted
    workflows.set(workflowId, (workflows.get(workflowId) ?? 0) + 1)
    moments.add(momentOf(id))
    if (run !== null) moments.add(momentOf(run[0]))
    if (key !== null) keys.push(ofWorkflow(workflowId, key))
  }
  return {
    heads: JSON.stringify(heads),
    bodies,
    digest: { count: heads.length, isPlain, workflows, moments, keys },
  }
}

export function readBundled({ heads, bodies }: Pick<Bundled, 'heads' | 'bodies'>): readonly AcceptArgs[] {
  let read = 0
  return (JSON.parse(heads) as readonly EventHead[]).map(([event, bodyBytes, marks, run, graph]) => {
    read += bodyBytes
    return [event, bodies.subarray(read - bodyBytes, read), marks, run, graph]
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
