import { Switch } from '../../parts/switch.tsx'
import type { ControlProps } from '../control.ts'

export const Toggle = ({ field, value, onChange }: ControlProps) => {
  const isOn = typeof value === 'boolean' ? value : field.initial === true
  return (
    <span className="flex items-center gap-2 text-sm text-text-2">
      <Switch checked={isOn} onChange={onChange} label={field.label} />
      {isOn ? 'On' : 'Off'}
    </span>
  )
}
