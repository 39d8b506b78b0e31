import { KeyRound, SquareFunction, Type } from 'lucide-react'
import { Menu } from '../parts/menu.tsx'
import { IconButton } from '../parts/button.tsx'
import { Choice } from './choice.tsx'
import type { Mode } from './modes.ts'

const looks = {
  fixed: { label: 'A fixed value', icon: <Type aria-hidden /> },
  expression: { label: 'An expression', icon: <SquareFunction aria-hidden /> },
  secret: { label: 'A stored secret', icon: <KeyRound aria-hidden /> },
} as const satisfies Record<Mode, unknown>

interface ModeProps {
  readonly name: string
  readonly label: string
  readonly modes: readonly Mode[]
  readonly mode: Mode
  readonly onMode: (mode: Mode) => void
}

export const ModeToggle = ({ name, label, modes, mode, onMode }: ModeProps) => (
  <Choice
    bare
    name={name}
    label={`How ${label} is given`}
    value={mode}
    options={modes.map((value) => ({ value, ...looks[value] }))}
    onChoose={onMode}
  />
)

/** The same where there is room for one button only. */
export const ModeMenu = ({ label, modes, mode, onMode }: Omit<ModeProps, 'name'>) => (
  <Menu
    items={modes.map((each) => ({
      ...looks[each],
      onSelect: () => onMode(each),
    }))}
  >
    <IconButton label={`${label}: ${looks[mode].label.toLowerCase()}`}>{looks[mode].icon}</IconButton>
  </Menu>
)
