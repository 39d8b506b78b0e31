import { ChevronRight } from 'lucide-react'
import { Copy } from '../parts/copy.tsx'
import { useDocument } from '../workflows/editing.tsx'
import { Part } from './part.tsx'

/** Where events are sent to, and where the draft can be tried by a real sender. */
export function HookUrl() {
  const { hook, version, enabled } = useDocument(({ head }) => head)
  const test = hook.url.replace('/hooks/', '/hooks-test/')
  return (
    <Part title="Hook URL">
      <Url url={hook.url} label="Copy the hook URL" />
      {version === null && (
        <p className="text-sm text-wait">It answers 404 until you publish. Test events work already.</p>
      )}
      {version !== null && !enabled && (
        <p className="text-sm text-wait">Paused: events are kept, and run when you enable the workflow.</p>
      )}
      <details className="group text-sm">
        <summary className="flex w-fit list-none items-center gap-1 rounded-sm text-text-2 hover:text-text-1">
          <ChevronRight
            className="size-3.5 transition-transform duration-120 group-open:rotate-90"
            aria-hidden
          />
          A URL for the draft
        </summary>
        <div className="flex flex-col gap-1.5 pt-2">
          <Url url={test} label="Copy the URL for the draft" />
          <p className="text-text-2">
            What is sent there runs the draft as it is now. Duplicates run too, so a sender can repeat itself.
          </p>
        </div>
      </details>
    </Part>
  )
}

const Url = ({ url, label }: { readonly url: string; readonly label: string }) => (
  <div className="flex min-w-0 items-center rounded-md border bg-surface-2 pl-2.5">
    <code className="min-w-0 grow truncate text-xs select-all" title={url}>
      {url}
    </code>
    <Copy text={url} label={label} />
  </div>
)
