import type { Event } from '../../nodes/contract/api.ts'
import { bytes, exactTime } from '../parts/words.ts'
import type { Sample } from '../state/sample.ts'

export const nameOf = (event: Event): string => event.type ?? `${event.method} ${event.path || '/'}`

/** A sample in a line. */
export const Named = ({ sample }: { readonly sample: Sample }) =>
  sample.kind === 'event' ? (
    <>
      {nameOf(sample.event)}
      <span className="text-text-3">
        {' '}
        · {exactTime(sample.event.receivedAt)} · {bytes(sample.event.bodyBytes)}
      </span>
    </>
  ) : (
    sample.title
  )
