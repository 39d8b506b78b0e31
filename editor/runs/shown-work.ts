import { useMemo } from 'react'
import { useGraph } from '../workflows/editing.tsx'
import { usePublishedVersion } from '../workflows/published-version.ts'
import { nodesAtWork } from './at-work.ts'
import { useShownRun } from './shown-run.ts'

const none: ReadonlySet<string> = new Set()

/** The nodes at work in the shown run. Of a version that is neither the draft nor the newest the graph is not at hand: none. */
export function useShownWork(): ReadonlySet<string> {
  const run = useShownRun()
  const draft = useGraph()
  const published = usePublishedVersion().data
  return useMemo(() => {
    if (run === undefined) return none
    const graph =
      run.version === null ? draft : run.version === published?.number ? published.graph : undefined
    return graph === undefined ? none : nodesAtWork(graph, run)
  }, [run, draft, published])
}
