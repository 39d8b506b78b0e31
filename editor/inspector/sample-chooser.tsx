import { useSample } from '../workflows/editing.tsx'

/** The sample in use. */
export function SampleChooser() {
  const sample = useSample(({ sample }) => sample)
  return <span className="text-sm">{sample === undefined ? 'No sample' : sample.kind}</span>
}
