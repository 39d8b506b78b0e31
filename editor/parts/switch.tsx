import { Switch as Radix } from 'radix-ui'

interface SwitchProps {
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly label: string
  readonly disabled?: boolean
}

export const Switch = ({ checked, onChange, label, disabled = false }: SwitchProps) => (
  <Radix.Root
    checked={checked}
    onCheckedChange={onChange}
    disabled={disabled}
    aria-label={label}
    className="relative h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors duration-150 disabled:opacity-50 data-[state=checked]:bg-accent"
  >
    <Radix.Thumb className="block size-4 translate-x-0.5 rounded-full bg-surface-1 transition-transform duration-150 data-[state=checked]:translate-x-[18px]" />
  </Radix.Root>
)
