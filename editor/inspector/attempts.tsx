import { ChevronRight, CircleCheck, CircleX } from 'lucide-react'
import type { Attempt } from '../../nodes/contract/api.ts'
import { BodyView } from '../parts/body-view.tsx'
import { HeadersTable } from '../parts/headers-table.tsx'
import { visible } from '../parts/visible-text.ts'
import { bytes, duration, exactTime } from '../parts/words.ts'

/** Each try of an outbound request, the first one first; its request and its answer open under it. */
export const Attempts = ({ attempts }: { readonly attempts: readonly Attempt[] }) => (
  <section aria-label="Attempts">
    <h2 className="flex h-8 items-center text-xs font-medium text-text-2">
      {attempts.length === 1 ? '1 attempt' : `${attempts.length} attempts`}
    </h2>
    <ol className="divide-y rounded-md border">
      {attempts.map((attempt) => (
        <li key={attempt.n}>
          <details className="group">
            <summary className="flex h-8 list-none items-center gap-2 px-2 text-sm marker:hidden">
              <ChevronRight
                className="size-3.5 shrink-0 text-text-3 transition-transform duration-120 group-open:rotate-90"
                aria-hidden
              />
              <Outcome attempt={attempt} />
              <span className="ml-auto shrink-0 text-xs text-text-3 tabular-nums">
                {duration(attempt.durationMs)} · {exactTime(attempt.at)}
              </span>
            </summary>
            <Exchange attempt={attempt} />
          </details>
        </li>
      ))}
    </ol>
  </section>
)

function Outcome({ attempt: { n, response, error } }: { readonly attempt: Attempt }) {
  const isFine = error === null && response !== null && response.status < 400
  const Icon = isFine ? CircleCheck : CircleX
  return (
    <span
      className={
        isFine ? 'flex min-w-0 items-center gap-1.5 text-ok' : 'flex min-w-0 items-center gap-1.5 text-fail'
      }
    >
      <Icon className="size-4 shrink-0" aria-hidden />
      <span className="truncate">
        {n}. {response === null ? (error?.message ?? 'No answer') : `Answered ${response.status}`}
      </span>
    </span>
  )
}

function Exchange({ attempt: { request, response, error } }: { readonly attempt: Attempt }) {
  return (
    <div className="flex flex-col gap-3 border-t px-3 py-2">
      <p className="font-mono text-xs break-all">
        {request.method} {visible(request.url)}
      </p>
      <Part title={`Request · ${bytes(request.bodyBytes)}`} part={request} />
      {response === null ? (
        <p className="text-sm text-fail">{error?.message ?? 'No answer came.'}</p>
      ) : (
        <Part title={`Answer · ${response.status} · ${bytes(response.bodyBytes)}`} part={response} />
      )}
    </div>
  )
}

interface PartProps {
  readonly title: string
  readonly part: { readonly headers: Readonly<Record<string, string>>; readonly body: string }
}

function Part({ title, part: { headers, body } }: PartProps) {
  const list = Object.entries(headers).map(([name, value]) => ({ name, value }))
  return (
    <div className="flex flex-col gap-1">
      <h3 className="text-xs font-medium text-text-2">{title}</h3>
      <HeadersTable headers={list} />
      <BodyView body={body} contentType={headers['content-type']} />
    </div>
  )
}
