import type { ComponentProps } from 'react'
import { classes } from './classes.ts'

const look =
  'w-full rounded-md border border-line-strong/60 bg-surface-1 px-2.5 text-sm text-text-1 transition-colors duration-150 hover:border-line-strong focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent/40 disabled:opacity-60 aria-invalid:border-fail'

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input {...rest} className={classes(look, 'h-8', className)} />
)

export const TextArea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea {...rest} className={classes(look, 'min-h-16 py-1.5', className)} />
)

interface SelectProps extends Omit<ComponentProps<'select'>, 'onChange'> {
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChoose: (value: string) => void
}

/** The platform's own: it is accessible and works on a tablet. */
export const Select = ({ options, onChoose, className, ...rest }: SelectProps) => (
  <select
    {...rest}
    onChange={({ target }) => onChoose(target.value)}
    className={classes(look, 'h-8 pr-7', className)}
  >
    {options.map(({ value, label }) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
)
