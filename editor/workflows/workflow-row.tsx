import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download, Ellipsis, ExternalLink, Files, Link2, Trash2 } from 'lucide-react'
import { memo } from 'react'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import { type List, client } from '../api/client.ts'
import { Ago } from '../parts/ago.tsx'

import { Copy } from '../parts/copy.tsx'
import { copyText } from '../parts/copy-text.ts'
import { Menu } from '../parts/menu.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { Trouble } from '../parts/states.tsx'
import { Switch } from '../parts/switch.tsx'
import { useSeen } from './in-view.ts'
import { Outcomes } from './outcomes.tsx'
import { useRecentRuns } from './recent-runs.ts'
import { Status } from './status.tsx'

export interface RowActions {
  readonly open: (workflow: WorkflowSummary) => void
  readonly duplicate: (workflow: WorkflowSummary) => void
  readonly exportFile: (workflow: WorkflowSummary) => void
  readonly remove: (workflow: WorkflowSummary) => void
}

interface WorkflowRowProps {
  readonly workflow: WorkflowSummary
  readonly actions: RowActions
  /** What went wrong with an action on this row, until the next. */
  readonly trouble: unknown
}

export const WorkflowRow = memo(function WorkflowRow({ workflow, actions, trouble }: WorkflowRowProps) {
  const { id, name, enabled, hook } = workflow
  const [ref, seen] = useSeen()
  const runs = useRecentRuns(id, seen)
  const enable = useEnable(id)
  const [last] = runs ?? []
  return (
    <tr ref={ref} className="group relative border-b transition-colors duration-150 hover:bg-surface-2">
      <td className="max-w-0 py-2 pr-4 pl-6">
        {/* The whole row opens the workflow; what else can be done in it lies above. */}
        <Link
          to="/workflows/$id"
          params={{ id }}
          data-row={id}
          className="block truncate rounded-sm text-base font-medium outline-offset-4 before:absolute before:inset-0"
        >
          {name}
        </Link>
        <div className="relative flex w-fit max-w-full items-center text-text-3">
          <code className="truncate">{new URL(hook.url).pathname}</code>
          <span className="-my-1.5 opacity-0 transition-opacity duration-150 group-focus-within:opacity-100 group-hover:opacity-100">
            <Copy text={hook.url} label="Copy the hook URL" />
          </span>
        </div>
        <Trouble error={trouble ?? enable.error} />
      </td>
      <td className="py-2 pr-4 whitespace-nowrap max-sm:hidden">
        <Status workflow={workflow} />
      </td>
      <td className="py-2 pr-4 text-sm whitespace-nowrap text-text-2 max-md:hidden">
        {last !== undefined && (
          <span className="relative flex w-fit items-center gap-1.5">
            <StateMark state={last.state} bare />
            <Ago at={last.createdAt} />
          </span>
        )}
        {runs?.length === 0 && <span className="text-text-3">No run yet</span>}
      </td>
      <td className="py-2 pr-4 max-lg:hidden">
        {runs !== undefined && runs.length > 0 && <Outcomes runs={runs} />}
      </td>
      <td className="py-2 pr-4">
        <span className="relative flex">
          <Switch
            checked={enabled}
            onChange={(next) => enable.mutate(next)}
            label={`${name}: ${enabled ? 'pause' : 'enable'}`}
          />
        </span>
      </td>
      <td className="py-2 pr-4 text-right">
        <span className="relative flex justify-end">
          <Menu
            items={[
              { label: 'Open', icon: <ExternalLink />, onSelect: () => actions.open(workflow) },
              {
                label: 'Copy the hook URL',
                icon: <Link2 />,
                onSelect: () => void copyText(hook.url),
              },
              { label: 'Duplicate', icon: <Files />, onSelect: () => actions.duplicate(workflow) },
              { label: 'Export as a file', icon: <Download />, onSelect: () => actions.exportFile(workflow) },
              {
                label: 'Delete…',
                icon: <Trash2 />,
                danger: true,
                apart: true,
                onSelect: () => actions.remove(workflow),
              },
            ]}
          >
            <button
              type="button"
              aria-label={`More about ${name}`}
              className="inline-flex size-8 items-center justify-center rounded-md text-text-2 hover:bg-surface-3 hover:text-text-1 [&_svg]:size-4"
            >
              <Ellipsis />
            </button>
          </Menu>
        </span>
      </td>
    </tr>
  )
})

/** Enables or pauses; the switch shows it at once, and goes back when the server refuses. */
function useEnable(id: string) {
  const queries = useQueryClient()
  const show = (enabled: boolean) =>
    queries.setQueryData<List<WorkflowSummary>>(
      ['workflows'],
      (list) =>
        list && { ...list, items: list.items.map((each) => (each.id === id ? { ...each, enabled } : each)) },
    )
  return useMutation({
    mutationFn: (enabled: boolean) => client.changeWorkflow(id, { enabled }),
    onMutate: (enabled) => void show(enabled),
    onError: (_error, enabled) => void show(!enabled),
    onSettled: () => queries.invalidateQueries({ queryKey: ['workflows'] }),
  })
}
