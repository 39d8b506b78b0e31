/** On which data everything is looked at: a recent event, the provider's example, or one's own JSON. */
import { ChevronDown, FlaskConical } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Popover } from '../parts/popover.tsx'
import type { Sample } from '../state/sample.ts'
import { useChooseSample, useSampleInUse } from './sample-choice.ts'
import { Named } from './sample-name.tsx'

// It is needed when somebody asks for it, and brings a search with it.
const SampleList = lazy(async () => ({ default: (await import('./sample-list.tsx')).SampleList }))
const OwnJsonForm = lazy(async () => ({ default: (await import('./own-json.tsx')).OwnJsonForm }))

export function SampleChooser() {
  const [shows, setShows] = useState<'nothing' | 'list' | 'own'>('nothing')
  const sample = useSampleInUse()
  const chooseSample = useChooseSample()
  const choose = (chosen: Sample) => {
    chooseSample(chosen)
    setShows('nothing')
  }
  return (
    <Popover
      open={shows !== 'nothing'}
      onOpenChange={(open) => setShows(open ? 'list' : 'nothing')}
      label="Choose a sample"
      className={shows === 'own' ? 'w-[32rem]' : 'w-96'}
      trigger={
        <button
          type="button"
          className="inline-flex h-7 max-w-full min-w-0 items-center gap-1.5 rounded-md px-2 text-sm text-text-2 transition-colors duration-150 hover:bg-surface-2 hover:text-text-1"
        >
          <FlaskConical className="size-3.5 shrink-0" aria-hidden />
          <span className="sr-only">Sample:</span>
          <span className="truncate">
            {sample === undefined ? 'Choose a sample' : <Named sample={sample} />}
          </span>
          <ChevronDown className="size-3.5 shrink-0" aria-hidden />
        </button>
      }
    >
      <Suspense fallback={<div aria-busy className="h-40" />}>
        {shows === 'own' ? (
          <OwnJsonForm onUse={choose} onBack={() => setShows('list')} />
        ) : (
          <SampleList current={sample} onChoose={choose} onOwn={() => setShows('own')} />
        )}
      </Suspense>
    </Popover>
  )
}
