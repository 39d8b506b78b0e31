import { classes } from '../parts/classes.ts'

/** The services that a template ties together. */
export const Services = ({
  names,
  className,
}: {
  readonly names: readonly string[]
  readonly className?: string
}) => (
  <span className={classes('flex flex-wrap gap-1', className)}>
    {names.map((name) => (
      <span key={name} className="rounded-sm bg-surface-2 px-1.5 text-xs leading-5 text-text-2">
        {name}
      </span>
    ))}
  </span>
)
