/** On top of the webhook node's settings: everything that it takes to get the first event in. */
import { ExternalLink } from 'lucide-react'
import { providers } from '../../nodes/providers/index.ts'
import { useDocument, useGraph } from '../workflows/editing.tsx'
import { Arrivals } from './arrivals.tsx'
import { HookUrl } from './hook-url.tsx'
import { HookSecret } from './hook-secret.tsx'
import { Part } from './part.tsx'
import { Refusals } from './refusals.tsx'
import { schemeOf, webhookOf } from './sample-choice.ts'

export function WebhookPanel() {
  const graph = useGraph()
  const node = webhookOf(graph)
  const provider = providers.get(schemeOf(graph))
  const workflowId = useDocument(({ head }) => head.id)
  return (
    <div className="-mx-4 -mt-3 flex flex-col divide-y border-b [&>*]:px-4 [&>*]:py-3">
      <HookUrl />
      {provider && (
        <Part title={provider.id === 'none' ? 'Not verified' : `Set up ${provider.title}`}>
          <ol className="flex list-decimal flex-col gap-1.5 pl-5 text-sm text-text-1 marker:text-text-3">
            {provider.setup.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          {provider.caution !== undefined && <p className="text-sm text-wait">{provider.caution}</p>}
          <a
            href={provider.link}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 self-start text-sm text-accent underline-offset-2 hover:underline"
          >
            {provider.id === 'none' ? 'Why webhooks are signed' : `More about ${provider.title} webhooks`}
            <ExternalLink className="size-3.5" aria-label="(opens in a new tab)" />
          </a>
        </Part>
      )}
      {node && provider && provider.id !== 'none' && (
        <HookSecret key={provider.id} node={node} provider={provider} />
      )}
      <Arrivals workflowId={workflowId} />
      <Refusals workflowId={workflowId} />
    </div>
  )
}
