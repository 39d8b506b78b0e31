import { deserialize } from 'node:v8'
import { type EventMarks, type EventValues, eventMarks, eventValues } from './sqlite-event-row.ts'
import { type RunValues, runValues } from './sqlite-run-row.ts'
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
 * all bodies one after the other. What the thread gets is what it stores: it makes nothing of it but the keys to find it by.
 */
export interface Bundled {
  readonly heads: string
  readonly bodies: Uint8Array
}

export const bundle = (heads: readonly EventHead[], bodies: Uint8Array): Bundled => ({
  heads: JSON.stringify(heads),
  bodies,
})

export function readBundled({ heads, bodies }: Bundled): readonly AcceptArgs[] {
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
