import type { ReactNode } from 'react'
import { classes } from '../parts/classes.ts'
import { Tip } from '../parts/tip.tsx'

interface ChoiceProps<T extends string> {
  readonly name: string
  /** What is chosen here, read aloud. */
  readonly label: string
  readonly value: T
  readonly options: readonly { readonly value: T; readonly label: string; readonly icon?: ReactNode }[]
  readonly onChoose: (value: T) => void
  /** Icons alone, with their words on hover. */
  readonly bare?: boolean
  readonly className?: string
}

/** A few alternatives side by side, one of which holds. */
export const Choice = <T extends string>({
  name,
  label,
  value,
  options,
  onChoose,
  bare = false,
  className,
}: ChoiceProps<T>) => (
  <div
    role="radiogroup"
    aria-label={label}
    className={classes('inline-flex rounded-md bg-surface-2 p-0.5', className)}
  >
    {options.map((option) => {
      const item = (
        <label
          key={option.value}
          className={classes(
            'relative flex cursor-pointer items-center justify-center gap-1.5 rounded-sm text-xs transition-colors duration-150 has-focus-visible:outline-2 has-focus-visible:outline-accent [&_svg]:size-3.5',
            bare ? 'size-6' : 'h-6 px-2.5',
            option.value === value
              ? 'bg-surface-1 font-medium text-text-1 shadow-[0_0_0_1px_var(--line)]'
              : 'text-text-2 hover:text-text-1',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChoose(option.value)}
            {...(bare && { 'aria-label': option.label })}
            className="absolute inset-0 size-full cursor-pointer appearance-none rounded-sm outline-none"
          />
          {option.icon}
          {!bare && <span className="pointer-events-none relative">{option.label}</span>}
        </label>
      )
      return bare ? (
        <Tip key={option.value} text={option.label}>
          {item}
        </Tip>
      ) : (
        item
      )
    })}
  </div>
)
