import { isJsonObject } from '../../../nodes/contract/json.ts'
import type { VerificationSettings } from '../../../nodes/contract/scheme.ts'
import { providers } from '../../../nodes/providers/index.ts'
import { type ControlProps, messagesAt } from '../control.ts'
import { Messages } from '../field-frame.tsx'
import { Check } from '../../doctor/check.tsx'
import { changed } from '../../doctor/remedy.ts'
import { useDocument } from '../../workflows/editing.tsx'
import { ProviderPicker } from './provider-picker.tsx'
import { VerificationSecrets } from './verification-secrets.tsx'
import { VerificationSettingsForm } from './verification-settings.tsx'
import { inScheme, inWords } from './verification-words.ts'

/** Who may call, and what the chosen way of showing it needs. */
export function Verification({ id, value, onChange, issues }: ControlProps) {
  const settings = settingsOf(value)
  const provider = providers.get(settings.scheme)
  const workflowId = useDocument(({ head }) => head.id)
  const set = (change: Partial<VerificationSettings>) =>
    onChange(
      Object.fromEntries(Object.entries({ ...settings, ...change }).filter(([, each]) => each !== undefined)),
    )
  return (
    <div className="flex flex-col gap-3">
      <ProviderPicker
        id={id}
        chosen={settings.scheme}
        onChoose={(scheme) => {
          const next = inScheme(settings, scheme)
          onChange(scheme === 'none' ? undefined : next)
        }}
      />
      <Messages messages={messagesAt(issues, 'scheme')} />
      {settings.scheme === 'none' && (
        <p className="text-xs text-wait">
          Whoever knows the hook’s URL can start this workflow. Choose its sender, or a secret of your own.
        </p>
      )}
      {provider !== undefined && settings.scheme !== 'none' && (
        <>
          <VerificationSecrets id={`${id}-secret`} settings={settings} onChange={set} issues={issues} />
          <VerificationSettingsForm
            id={id}
            provider={provider}
            settings={settings}
            onChange={set}
            issues={issues}
          />
          <p className="text-xs text-text-2">{inWords(settings)}</p>
          <Check
            id={`${id}-check`}
            workflowId={workflowId}
            settings={settings}
            onSetting={(remedy) => onChange(changed(settings, remedy))}
          />
        </>
      )}
    </div>
  )
}

const settingsOf = (value: unknown): VerificationSettings => {
  const saved = isJsonObject(value) ? value : {}
  return { ...saved, scheme: typeof saved['scheme'] === 'string' ? saved['scheme'] : 'none' }
}
