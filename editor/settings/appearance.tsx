import { Monitor, Moon, Sun } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import { useId } from 'react'
import { Switch } from '../parts/switch.tsx'
import type { Theme } from '../style/theme.ts'
import { allowSingleKeys, useSingleKeys } from './single-keys.ts'
import { useTheme } from './use-theme.ts'

const themes = [
  { theme: 'system', label: 'As the system', icon: Monitor },
  { theme: 'light', label: 'Light', icon: Sun },
  { theme: 'dark', label: 'Dark', icon: Moon },
] as const satisfies readonly { readonly theme: Theme; readonly label: string; readonly icon: unknown }[]

const keyLook = 'rounded-sm border bg-surface-2 px-1 text-text-1'

export function Appearance() {
  const [theme, choose] = useTheme()
  const keys = useSingleKeys()
  const heading = useId()
  return (
    <div className="flex flex-col gap-6">
      <div>
        <h3 id={heading} className="mb-2 text-sm font-medium">
          Theme
        </h3>
        <RadioGroup.Root
          value={theme}
          onValueChange={(value) => choose(themes.find(({ theme }) => theme === value)?.theme ?? 'system')}
          aria-labelledby={heading}
          className="flex w-fit flex-wrap gap-1 rounded-lg border p-1"
        >
          {themes.map(({ theme, label, icon: Icon }) => (
            <RadioGroup.Item
              key={theme}
              value={theme}
              className="flex h-8 items-center gap-2 rounded-md px-3 text-sm text-text-2 transition-colors duration-150 hover:text-text-1 data-[state=checked]:bg-surface-3 data-[state=checked]:font-medium data-[state=checked]:text-text-1"
            >
              <Icon className="size-4" aria-hidden />
              {label}
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
      </div>
      <div className="flex items-start justify-between gap-6">
        <div>
          <h3 className="text-sm font-medium">Single-key shortcuts</h3>
          <p className="text-sm text-text-2">
            <kbd className={keyLook}>/</kbd> searches, <kbd className={keyLook}>g</kbd> and a letter goes to a
            page. Turn them off if they get in the way of speech input.
          </p>
        </div>
        <Switch checked={keys} onChange={allowSingleKeys} label="Single-key shortcuts" />
      </div>
    </div>
  )
}
