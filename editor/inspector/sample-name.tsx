import { eventName } from '../events/event-name.ts'
import { Ago } from '../parts/ago.tsx'
import { bytes } from '../parts/words.ts'
import type { Sample } from '../state/sample.ts'

/** A sample in a line. */
export const Named = ({ sample }: { readonly sample: Sample }) =>
  sample.kind === 'event' ? (
    <>
      {eventName(sample.event)}
      <span className="text-text-3">
        {' '}
        · <Ago at={sample.event.receivedAt} /> · {bytes(sample.event.bodyBytes)}
      </span>
    </>
  ) : (
    sample.title
  )
