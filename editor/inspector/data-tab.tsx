/** What goes into a node and what comes out, on the sample or in the run that is shown. */
import { FlaskConical, Loader } from 'lucide-react'
import { Button } from '../parts/button.tsx'
import { Empty, Trouble } from '../parts/states.tsx'
import { useShownRun } from '../runs/shown-run.ts'
import { useGraph } from '../workflows/editing.tsx'
import { useWorkflowSearch } from '../workflows/search.ts'
import { usePreviewState } from './preview.ts'
import { RunData } from './run-data.tsx'
import { SampleChooser } from './sample-chooser.tsx'
import { useSampleInUse } from './sample-choice.ts'
import { SampleData } from './sample-data.tsx'
import { standingOf } from './standing.ts'

export function DataTab({ nodeId }: { readonly nodeId: string }) {
  const run = useShownRun()
  const setSearch = useWorkflowSearch()
  if (run === undefined) return <OnSample nodeId={nodeId} />
  return (
    <div className="@container flex flex-col gap-3 p-4">
      <header className="-mt-1 flex items-center gap-2 text-sm text-text-2">
        <span className="grow">Data of the run that is shown</span>
        <Button size="sm" look="quiet" onClick={() => setSearch({ run: undefined })}>
          Back to the sample
        </Button>
      </header>
      <RunData run={run} nodeId={nodeId} />
    </div>
  )
}

function OnSample({ nodeId }: { readonly nodeId: string }) {
  const graph = useGraph()
  const sample = useSampleInUse()
  const { steps, isBehind, error } = usePreviewState()
  const node = graph.nodes.find(({ id }) => id === nodeId)
  return (
    <div className="@container flex flex-col gap-3 p-4" aria-busy={isBehind}>
      <header className="-mx-2 -mt-1 flex min-w-0 items-center gap-2">
        <SampleChooser />
        <Loader
          className={isBehind ? 'ml-auto size-3.5 shrink-0 animate-spin text-text-3' : 'hidden'}
          role="img"
          aria-label="Working it out"
        />
      </header>
      <Trouble error={error} />
      {sample === undefined ? (
        <Empty icon={<FlaskConical />} title="No sample yet">
          Choose an event, an example or your own JSON: every node then shows what it makes of it, and nothing
          is sent.
        </Empty>
      ) : (
        node && <SampleData node={node} standing={standingOf(graph, steps, nodeId)} />
      )}
    </div>
  )
}
