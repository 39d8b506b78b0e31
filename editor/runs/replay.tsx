import { useMutation } from '@tanstack/react-query'
import { ChevronDown, RotateCw } from 'lucide-react'
import type { ReplayEvent, RunSummary } from '../../nodes/contract/api.ts'
import { client } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Menu } from '../parts/menu.tsx'
import { messageOf } from '../parts/states.tsx'
import { useWorkflows } from '../events/workflow-names.ts'

interface ReplayProps {
  readonly eventId: string
  readonly workflowId: string
  readonly size?: 'sm' | 'md'
  readonly onReplayed: (run: RunSummary) => void
}

/** Runs an event again: by the version that is published, or by the draft. */
export function Replay({ eventId, workflowId, size = 'md', onReplayed }: ReplayProps) {
  const workflows = useWorkflows()
  const workflow = workflows?.get(workflowId)
  const version = workflow?.version ?? null
  const replay = useMutation({
    mutationFn: (how: ReplayEvent) => client.replay(eventId, how),
    onSuccess: onReplayed,
  })
  const isGone = workflows !== undefined && workflow === undefined
  return (
    <>
      <Menu
        items={[
          {
            label:
              version === null ? 'By the published version (none yet)' : `By version ${version}, published`,
            disabled: version === null,
            onSelect: () => replay.mutate({}),
          },
          { label: 'By the draft, as a test', onSelect: () => replay.mutate({ draft: true }) },
        ]}
      >
        <Button
          size={size}
          busy={replay.isPending}
          disabled={isGone}
          icon={<RotateCw className="size-3.5" aria-hidden />}
        >
          Replay
          <ChevronDown className="size-3.5 text-text-3" aria-hidden />
        </Button>
      </Menu>
      {replay.error !== null && (
        <span role="alert" className="max-w-80 text-xs text-fail">
          {messageOf(replay.error)}
        </span>
      )}
    </>
  )
}
