import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { Activity } from '../../nodes/contract/api.ts'
import { aboveRow, rowLink, rowLook } from '../events/table.tsx'
import { useEventNames } from '../events/use-event-names.ts'
import { Ago } from '../parts/ago.tsx'
import { IconButton } from '../parts/button.tsx'
import { count, plural, shortId } from '../parts/words.ts'

export interface Crossing {
  readonly title: string
  readonly failed: number
  readonly ports: Activity['nodes'][number]['ports']
}

interface CrossingsProps {
  readonly workflowId: string
  readonly crossing: Crossing
  readonly onClose: () => void
}

/** Who crossed an edge, or left a node by which port: the newest, each with its run. */
export function Crossings({ workflowId, crossing: { title, failed, ports }, onClose }: CrossingsProps) {
  const names = useEventNames(workflowId)
  return (
    <aside
      aria-label={title}
      className="flex w-80 shrink-0 flex-col border-l bg-surface-1 max-[900px]:absolute max-[900px]:inset-y-0 max-[900px]:right-0 max-[900px]:shadow-float"
    >
      <header className="flex items-center gap-2 border-b px-4 py-2">
        <h2 className="min-w-0 grow truncate text-base font-medium">{title}</h2>
        <IconButton label="Close" onClick={onClose}>
          <X />
        </IconButton>
      </header>
      <div className="min-h-0 grow overflow-auto">
        {failed > 0 && (
          <p className="px-4 pt-3 text-sm text-fail">
            {plural(failed, 'step')} failed here.{' '}
            <Link
              to="/runs"
              search={{ workflow: workflowId, state: 'failed' }}
              className="text-accent underline-offset-2 hover:underline"
            >
              Show the failed runs
            </Link>
          </p>
        )}
        {ports.length === 0 && failed === 0 && (
          <p className="px-4 pt-3 text-sm text-text-2">Nothing came by in this time.</p>
        )}
        {ports.map((port) => (
          <section key={port.port} className="border-b px-4 py-3">
            <h3 className="flex justify-between text-sm font-medium">
              <span>{port.port}</span>
              <span className="text-text-2 tabular-nums">{count(port.count)}</span>
            </h3>
            <ul className="mt-1">
              {port.newest.map(({ runId, eventId, at }) => (
                <li
                  key={runId}
                  className={`${rowLook} -mx-4 flex h-9 items-center gap-2 px-4 text-sm last:border-0`}
                >
                  <Link
                    to="/runs/$id"
                    params={{ id: runId }}
                    className={`${rowLink} min-w-0 truncate font-medium`}
                  >
                    {names?.get(eventId) ?? 'Run'}
                  </Link>
                  <code className="shrink-0 text-xs text-text-3">…{shortId(runId)}</code>
                  <span className={`${aboveRow} ml-auto shrink-0 text-text-2`}>
                    <Ago at={at} />
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </aside>
  )
}
