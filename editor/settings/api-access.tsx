import { ExternalLink } from 'lucide-react'
import { Copy } from '../parts/copy.tsx'

/** How a program does what the editor does. */
export function ApiAccess() {
  const example = `curl -H "Authorization: Bearer $HOOKLOOM_API_TOKEN" \\\n  ${location.origin}/api/workflows`
  return (
    <div className="flex flex-col gap-4">
      <p className="text-sm text-text-2">
        Programs sign in with the same token as you. It is in the file that the server prints when it starts,
        or in <code className="text-text-1">HOOKLOOM_API_TOKEN</code>.
      </p>
      <div className="flex items-start gap-2 rounded-lg border bg-surface-1 py-1 pr-1 pl-3">
        <pre className="min-w-0 grow overflow-x-auto py-1.5" tabIndex={0}>
          {example}
        </pre>
        <Copy text={example} label="Copy the command" />
      </div>
      <a
        href="/api/openapi.json"
        target="_blank"
        rel="noreferrer"
        className="inline-flex w-fit items-center gap-1.5 rounded-sm text-sm font-medium text-accent hover:underline"
      >
        OpenAPI document
        <ExternalLink className="size-3.5" aria-hidden />
        <span className="sr-only">(opens in a new tab)</span>
      </a>
    </div>
  )
}
