/** One refused request: what was found, what to change, and letting it in by hand. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Suspense, lazy } from 'react'
import type { Rejection } from '../../nodes/contract/api.ts'
import { isJsonObject } from '../../nodes/contract/json.ts'
import { client } from '../api/client.ts'
import { RejectionDoctor } from '../doctor/rejection-doctor.tsx'
import { type SettingRemedy, mended } from '../doctor/remedy.ts'
import { HeadersTable } from '../parts/headers-table.tsx'
import { visible } from '../parts/visible-text.ts'
import { bytes } from '../parts/words.ts'
import { textLink } from './detail.tsx'
import { RejectionBody } from './event-body.tsx'
import { isAboutSender } from './reasons.ts'

// Every sender's words come with it.
const SenderSetup = lazy(async () => ({ default: (await import('./sender-setup.tsx')).SenderSetup }))

export function RejectionDetails({ rejection }: { readonly rejection: Rejection }) {
  const { status, reason, detail, headers, ip, bodyBytes, workflowId } = rejection
  const scheme = useScheme(workflowId)
  const navigate = useNavigate()
  return (
    <div className="grid gap-x-10 gap-y-5 lg:grid-cols-2">
      <div className="flex flex-col items-start gap-4">
        <RejectionDoctor
          rejection={rejection}
          onSetting={(remedy) => changeDraft(workflowId, remedy)}
          onPublish={() => void navigate({ to: '/workflows/$id', params: { id: workflowId } })}
        />
        <Part title="What the sender was told">
          <p className="text-text-2">
            {status}: {visible(detail)}
          </p>
          <Link to="/workflows/$id" params={{ id: workflowId }} className={`${textLink} mt-1 inline-block`}>
            Open the workflow
          </Link>
        </Part>
        {scheme !== undefined && isAboutSender(reason) && (
          <Suspense fallback={null}>
            <SenderSetup scheme={scheme} />
          </Suspense>
        )}
      </div>
      <div className="flex min-w-0 flex-col gap-3">
        <div>
          <p className="flex h-6 items-baseline gap-1 text-xs text-text-3">
            From{' '}
            <Link
              to="/rejected"
              search={{ workflow: workflowId, ip }}
              className="rounded-sm text-text-2 underline decoration-line-strong underline-offset-2 hover:decoration-current"
            >
              <code>{ip}</code>
            </Link>
            · {bytes(bodyBytes)} · {headers.length} headers
          </p>
          <div className="rounded-lg border px-4 py-1.5">
            <HeadersTable headers={headers} />
          </div>
        </div>
        <RejectionBody rejection={rejection} />
      </div>
    </div>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: React.ReactNode }) => (
  <section className="max-w-prose text-sm">
    <h2 className="text-xs font-medium text-text-3">{title}</h2>
    {children}
  </section>
)

/** The sender that the workflow's draft expects. */
function useScheme(workflowId: string): string | undefined {
  const { data } = useQuery({
    queryKey: ['workflow', workflowId],
    queryFn: () => client.workflow(workflowId),
  })
  const webhook = data?.draft.nodes.find(({ type }) => type === 'webhook')
  const verification = webhook?.data.config['verification']
  const scheme = isJsonObject(verification) ? verification['scheme'] : undefined
  return typeof scheme === 'string' ? scheme : undefined
}

/** Whoever edits the workflow at the same moment is asked which of the two is to stay, as with any other edit. */
async function changeDraft(workflowId: string, remedy: SettingRemedy): Promise<void> {
  const { draft, revision } = await client.workflow(workflowId)
  await client.changeWorkflow(workflowId, { graph: mended(draft, remedy), revision })
}
