import { classes } from '../../parts/classes.ts'
import { describedBy } from '../field-frame.tsx'
import type { ControlProps } from '../control.ts'

const names = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Which methods the hook takes. */
export function Methods({ field, id, value, onChange }: ControlProps) {
  const initial = Array.isArray(field.initial) ? field.initial : []
  const chosen: readonly unknown[] = Array.isArray(value) ? value : initial
  const toggle = (name: string) => {
    const next = names.filter((each) => chosen.includes(each) !== (each === name))
    const isInitial = next.length === initial.length && next.every((each) => initial.includes(each))
    onChange(isInitial ? undefined : next)
  }
  return (
    <div className="flex flex-wrap gap-1.5" aria-describedby={describedBy(id)}>
      {names.map((name, at) => {
        const isOn = chosen.includes(name)
        return (
          <label
            key={name}
            className={classes(
              'relative flex h-7 cursor-pointer items-center rounded-md border px-2.5 font-mono text-xs transition-colors duration-150 has-focus-visible:outline-2 has-focus-visible:outline-accent',
              isOn ? 'border-accent bg-accent-soft text-accent' : 'text-text-2 hover:bg-surface-2',
            )}
          >
            <input
              {...(at === 0 && { id })}
              type="checkbox"
              checked={isOn}
              onChange={() => toggle(name)}
              className="absolute inset-0 size-full cursor-pointer appearance-none rounded-md outline-none"
            />
            <span className="pointer-events-none relative">{name}</span>
          </label>
        )
      })}
    </div>
  )
}
