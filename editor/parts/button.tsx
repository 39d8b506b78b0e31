import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { classes } from './classes.ts'
import { Tip } from './tip.tsx'

type Look = 'primary' | 'plain' | 'quiet' | 'danger'

const looks: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border bg-surface-1 text-text-1 hover:bg-surface-2',
  quiet: 'text-text-2 hover:bg-surface-2 hover:text-text-1',
  danger: 'border border-fail/40 bg-surface-1 text-fail hover:bg-fail-soft',
}

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: Look
  readonly size?: 'sm' | 'md'
  readonly icon?: ReactNode
  /** Shows that what was asked for is under way; it cannot be asked for twice. */
  readonly busy?: boolean
}

export function Button({
  look = 'plain',
  size = 'md',
  icon,
  busy = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={classes(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md font-medium whitespace-nowrap transition-colors duration-150 disabled:cursor-default disabled:opacity-50',
        size === 'sm' ? 'h-7 px-2.5 text-xs' : 'h-8 px-3 text-sm',
        looks[look],
        busy && 'animate-pulse',
        className,
      )}
    >
      {icon}
      {children}
    </button>
  )
}

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children' | 'title'> {
  /** What it does: read aloud, and shown on hover. */
  readonly label: string
  /** The keys that do the same. */
  readonly keys?: string
  readonly children: ReactNode
  readonly pressed?: boolean
  readonly side?: 'top' | 'right' | 'bottom' | 'left'
}

export function IconButton({
  label,
  keys,
  children,
  pressed,
  side = 'bottom',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tip text={label} {...(keys !== undefined && { keys })} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={classes(
          'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-text-2 transition-colors duration-150 hover:bg-surface-2 hover:text-text-1 disabled:cursor-default disabled:opacity-45 [&_svg]:size-4',
          pressed === true && 'bg-surface-3 text-text-1',
          className,
        )}
      >
        {children}
      </button>
    </Tip>
  )
}
