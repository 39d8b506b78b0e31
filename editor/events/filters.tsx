import type { ReactNode } from 'react'
import { classes } from '../parts/classes.ts'
import { Select } from '../parts/input.tsx'
import { useWorkflows } from './workflow-names.ts'

interface FilterProps {
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
}

interface ChoiceProps extends FilterProps {
  readonly label: string
  /** What stands there while nothing is chosen. */
  readonly all: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  /** It gives way where there is less room. */
  readonly widest?: string
}

/** One filter of a list; what is chosen stands in the URL. */
export const Choice = ({ label, all, options, value, onChange, widest = 'max-w-36' }: ChoiceProps) => (
  <div className={classes('basis-32 grow', widest)}>
    <Select
      aria-label={label}
      value={value ?? ''}
      options={[{ value: '', label: all }, ...options]}
      onChoose={(chosen) => onChange(chosen === '' ? undefined : chosen)}
    />
  </div>
)

export function WorkflowFilter({ value, onChange }: FilterProps): ReactNode {
  const workflows = useWorkflows()
  const options = [...(workflows?.values() ?? [])].map(({ id, name }) => ({ value: id, label: name }))
  // A workflow that is not (yet) in the list stays chosen.
  const known =
    value === undefined || workflows?.has(value) ? options : [...options, { value, label: 'One workflow' }]
  return (
    <Choice
      label="Workflow"
      all="All workflows"
      options={known}
      value={value}
      onChange={onChange}
      widest="max-w-52"
    />
  )
}

type Kind = 'production' | 'test'

interface KindFilterProps {
  readonly value: Kind | undefined
  readonly onChange: (value: Kind | undefined) => void
}

export const KindFilter = ({ value, onChange }: KindFilterProps) => (
  <Choice
    label="Kind"
    all="Any kind"
    options={[
      { value: 'production', label: 'Production' },
      { value: 'test', label: 'Test' },
    ]}
    value={value}
    onChange={(chosen) => onChange(chosen === 'production' || chosen === 'test' ? chosen : undefined)}
  />
)
