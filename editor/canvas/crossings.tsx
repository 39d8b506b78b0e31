import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { Activity } from '../../nodes/contract/api.ts'
import { Ago } from '../parts/ago.tsx'
import { IconButton } from '../parts/button.tsx'
import { count, plural, shortId } from '../parts/words.ts'

export interface Crossing {
  readonly title: string
  readonly failed: number
  readonly ports: Activity['nodes'][number]['ports']
}

/** Who crossed an edge, or left a node by which port: the newest, each with its run. */
export const Crossings = ({
  crossing: { title, failed, ports },
  onClose,
}: {
  readonly crossing: Crossing
  readonly onClose: () => void
}) => (
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
      {failed > 0 && <p className="px-4 pt-3 text-sm text-fail">{plural(failed, 'step')} failed here.</p>}
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
              <li key={runId} className="flex h-8 items-center gap-3 text-sm">
                <Link
                  to="/runs/$id"
                  params={{ id: runId }}
                  className="font-mono text-xs text-accent underline underline-offset-2"
                >
                  run {shortId(runId)}
                </Link>
                <Link
                  to="/events/$id"
                  params={{ id: eventId }}
                  className="font-mono text-xs text-accent underline underline-offset-2"
                >
                  event {shortId(eventId)}
                </Link>
                <span className="ml-auto text-text-3">
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
