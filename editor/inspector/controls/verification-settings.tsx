import { ChevronRight } from 'lucide-react'
import type { SettingName } from '../../../nodes/contract/scheme.ts'
import { type SettingProps, settingControls } from './verification-setting.tsx'

type FormProps = Omit<SettingProps, 'name'>

/** Seldom needed: behind a fold until one of them is set. */
const seldom: ReadonlySet<SettingName> = new Set(['query', 'parts', 'key', 'id', 'algorithms'])

/** What is read together stands together. */
const order: readonly SettingName[] = [
  'username',
  'header',
  'prefix',
  'signed',
  'algorithm',
  'encoding',
  'issuer',
  'audience',
  'keysUrl',
  'topic',
  'variant',
  'verifyToken',
  'timestamp',
  'query',
  'parts',
  'key',
  'id',
  'algorithms',
]

/** They need a whole line. */
const wide: ReadonlySet<SettingName> = new Set([
  'keysUrl',
  'topic',
  'signed',
  'parts',
  'timestamp',
  'algorithms',
  'verifyToken',
  'variant',
])

/** The settings that the chosen scheme takes beside its secret, and no others. */
export function VerificationSettingsForm(props: FormProps) {
  const { provider, settings } = props
  const rest = provider.settings.filter((name) => seldom.has(name))
  const often = order.filter((name) => provider.settings.includes(name) && !rest.includes(name))
  return (
    <>
      {often.length > 0 && <Grid names={often} {...props} />}
      {rest.length > 0 && (
        <details className="group" open={rest.some((name) => settings[name] !== undefined) || undefined}>
          <summary className="flex list-none items-center gap-1 rounded-sm text-xs text-text-2 hover:text-text-1">
            <ChevronRight
              className="size-3.5 transition-transform duration-150 group-open:rotate-90"
              aria-hidden
            />
            More settings
          </summary>
          <div className="mt-2">
            <Grid names={rest} {...props} />
          </div>
        </details>
      )}
    </>
  )
}

const Grid = ({ names, ...props }: FormProps & { readonly names: readonly SettingName[] }) => (
  <div className="grid grid-cols-[repeat(auto-fill,minmax(150px,1fr))] items-start gap-3">
    {names.map((name) => (
      <div key={name} className={wide.has(name) ? 'col-span-full' : 'min-w-0'}>
        {settingControls[name]({ name, ...props })}
      </div>
    ))}
  </div>
)
