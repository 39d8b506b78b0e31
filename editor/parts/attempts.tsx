/** Every time that a step tried to send: what went out, and what came back. */
import { ChevronRight, CircleCheck, CircleX } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Attempt } from '../../nodes/contract/api.ts'
import { isJsonObject, type Json } from '../../nodes/contract/json.ts'
import { Ago } from './ago.tsx'
import { classes } from './classes.ts'
import { HeadersTable } from './headers-table.tsx'
import { JsonTree } from './json-tree.tsx'
import { LongText } from './long-text.tsx'
import { visible } from './visible-text.ts'
import { bytes, duration } from './words.ts'

export const Attempts = ({ attempts }: { readonly attempts: readonly Attempt[] }) => (
  <div role="group" aria-label="Attempts" className="@container">
    <p aria-hidden className="flex h-8 items-center text-xs font-medium text-text-2">
      {attempts.length === 1 ? 'Request' : `${attempts.length} attempts`}
    </p>
    <ol className="overflow-hidden rounded-lg border bg-surface-1">
      {attempts.map((attempt) => (
        <AttemptRow key={attempt.n} attempt={attempt} isOnly={attempts.length === 1} />
      ))}
    </ol>
  </div>
)

function AttemptRow({ attempt, isOnly }: { readonly attempt: Attempt; readonly isOnly: boolean }) {
  const [isOpen, setOpen] = useState(false)
  const { n, at, durationMs, request, response, error } = attempt
  const isFine = response !== null && response.status < 400 && error === null
  const Icon = isFine ? CircleCheck : CircleX
  return (
    <li className="border-b last:border-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex min-h-10 w-full items-center gap-3 px-3 py-1.5 text-left text-sm hover:bg-surface-2 focus-visible:outline-offset-[-2px]"
      >
        <ChevronRight
          aria-hidden
          className={classes(
            'size-4 shrink-0 text-text-3 transition-transform duration-150',
            isOpen && 'rotate-90',
          )}
        />
        {!isOnly && <span className="w-5 shrink-0 text-text-3 tabular-nums">{n}.</span>}
        <Icon aria-hidden className={classes('size-4 shrink-0', isFine ? 'text-ok' : 'text-fail')} />
        <span className="shrink-0 tabular-nums">{response?.status ?? 'No answer'}</span>
        <code className="min-w-0 grow truncate text-text-2">
          {visible(`${request.method} ${request.url}`)}
        </code>
        <span className="shrink-0 text-text-2 tabular-nums">{duration(durationMs)}</span>
        <span className="w-20 shrink-0 text-right text-text-2 @max-[559.9px]:hidden">
          <Ago at={at} />
        </span>
      </button>
      {error !== null && <p className="px-10 pb-2 text-sm text-fail">{visible(error.message)}</p>}
      {isOpen && (
        <div className="grid gap-x-6 gap-y-4 border-t px-4 py-3 @min-[720px]:grid-cols-2">
          <Message title="Request" line={`${request.method} ${request.url}`} message={request} />
          {response === null ? (
            <p className="text-sm text-text-2">No answer came.</p>
          ) : (
            <Message title="Response" line={String(response.status)} message={response} />
          )}
        </div>
      )}
    </li>
  )
}

interface MessageProps {
  readonly title: string
  /** What stands before the headers: the address, or the status. */
  readonly line: string
  readonly message: {
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly bodyBytes: number
  }
}

const Message = ({ title, line, message: { headers, body, bodyBytes } }: MessageProps) => (
  <div role="group" aria-label={title} className="flex min-w-0 flex-col gap-2">
    <p aria-hidden className="text-xs font-medium text-text-2">
      {title}
    </p>
    <code className="break-all text-text-1">{visible(line)}</code>
    <HeadersTable
      label={`Headers of the ${title.toLowerCase()}`}
      headers={Object.entries(headers).map(([name, value]) => ({ name, value }))}
    />
    <Body body={body} bodyBytes={bodyBytes} />
  </div>
)

/** Cut bodies are no JSON any more: they are shown as the text that is left. */
function Body({ body, bodyBytes }: { readonly body: string; readonly bodyBytes: number }) {
  const json = useMemo(() => parsed(body), [body])
  if (bodyBytes === 0) return <p className="text-xs text-text-3">No body.</p>
  const kept = new TextEncoder().encode(body).length
  return (
    <div className="max-h-96 overflow-auto rounded-md bg-surface-2 px-3 py-1.5" tabIndex={0}>
      {isJsonObject(json) || Array.isArray(json) ? (
        <JsonTree value={json} label="Body" />
      ) : (
        <LongText text={body} />
      )}
      {kept < bodyBytes && (
        <p className="pt-1 text-xs text-text-3">
          The first {bytes(kept)} of {bytes(bodyBytes)}; the rest was not kept.
        </p>
      )}
    </div>
  )
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
