/** A live check of the settings against a request that somebody pastes: before the first real one comes. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ChevronRight } from 'lucide-react'
import { useDeferredValue, useEffect, useState } from 'react'
import type { VerificationSettings } from '../../nodes/contract/scheme.ts'
import { client } from '../api/client.ts'
import { Part } from '../inspector/field-frame.tsx'
import { Input, TextArea } from '../parts/input.tsx'
import { Trouble } from '../parts/states.tsx'
import { DiagnosisText } from './diagnosis.tsx'
import { readPasted } from './pasted-request.ts'
import { RemedyButton } from './remedy-button.tsx'
import type { SettingRemedy } from './remedy.ts'

interface CheckProps {
  readonly id: string
  readonly workflowId: string
  readonly settings: VerificationSettings
  readonly onSetting: (remedy: SettingRemedy) => void
}

/** After the last key: a word is one request. */
const pauseMs = 400

export function Check({ id, workflowId, settings, onSetting }: CheckProps) {
  const [pasted, setPasted] = useState('')
  const [secret, setSecret] = useState('')
  const read = readPasted(pasted)
  const asked = useSettled({
    verification: settings,
    workflowId,
    ...(secret !== '' && { secret }),
    ...(read.ok && { request: read.request }),
  })
  const { request } = asked
  const { data, error } = useQuery({
    queryKey: ['diagnosis', 'pasted', asked],
    queryFn: ({ signal }) => (request ? client.diagnose({ ...asked, request }, signal) : null),
    placeholderData: keepPreviousData,
    // A secret that is typed is kept no longer than it stands there.
    gcTime: 0,
    enabled: request !== undefined,
  })
  return (
    <details className="group">
      <summary className="flex w-fit list-none items-center gap-1 rounded-sm text-xs text-text-2 hover:text-text-1">
        <ChevronRight
          className="size-3.5 transition-transform duration-150 group-open:rotate-90"
          aria-hidden
        />
        Check with a request
      </summary>
      <div className="mt-2 flex flex-col gap-3">
        <Part
          id={`${id}-request`}
          label="A request of the sender’s"
          help="Its headers, an empty line and its body, or a curl command. It is sent to the server for the check, and kept nowhere."
          messages={read.ok || read.message === '' ? [] : [read.message]}
        >
          <TextArea
            id={`${id}-request`}
            rows={Math.min(12, Math.max(4, pasted.split('\n').length))}
            value={pasted}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => setPasted(target.value)}
            placeholder={'X-Signature: 5257a869…\nContent-Type: application/json\n\n{"order": 17}'}
            className="font-mono text-xs"
          />
        </Part>
        <Part id={`${id}-secret`} label="Its secret" help="Empty: the secret that is chosen above.">
          <Input
            id={`${id}-secret`}
            type="password"
            autoComplete="off"
            value={secret}
            onChange={({ target }) => setSecret(target.value)}
            className="font-mono"
          />
        </Part>
        {request !== undefined && data && (
          <DiagnosisText
            diagnosis={data}
            action={
              data.remedy && (
                <RemedyButton
                  remedy={data.remedy}
                  onSetting={async (remedy) => onSetting(remedy)}
                  onPublish={() => undefined}
                />
              )
            }
          />
        )}
        <Trouble error={request === undefined ? null : error} />
      </div>
    </details>
  )
}

/** The value once it has stood for a while. */
function useSettled<T>(value: T): T {
  const key = JSON.stringify(value)
  const [settled, settle] = useState({ key, value })
  useEffect(() => {
    const timer = setTimeout(() => settle({ key, value: JSON.parse(key) as T }), pauseMs)
    return () => clearTimeout(timer)
  }, [key])
  return useDeferredValue(settled.value)
}
