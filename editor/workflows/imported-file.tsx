import { TriangleAlert } from 'lucide-react'
import { useId } from 'react'
import type { WorkflowSummary } from '../../nodes/contract/api.ts'
import { plural } from '../parts/words.ts'
import { Drawing } from './drawing.tsx'
import type { Choice } from './import.tsx'
import type { ReadFile } from './workflow-file.ts'

interface ImportedFileProps {
  readonly file: ReadFile
  /** The workflow that has the file's key already. */
  readonly holder: WorkflowSummary | undefined
  readonly choice: Choice | undefined
  readonly onChoose: (choice: Choice) => void
}

const problemsShown = 8

/** One file of an import: what is in it, or why it cannot be taken. */
export function ImportedFile({ file, holder, choice, onChoose }: ImportedFileProps) {
  const group = useId()
  if (file.kind === 'unfit') {
    const { name, problems } = file
    return (
      <li className="rounded-lg border p-4">
        <div role="alert">
          <p className="flex items-center gap-1.5 text-base font-semibold text-fail">
            <TriangleAlert className="size-4 shrink-0" aria-hidden />
            <span className="min-w-0 truncate">{name}</span>
          </p>
          <ul className="mt-1 flex flex-col gap-0.5 text-sm text-text-2">
            {problems.slice(0, problemsShown).map((problem) => (
              <li key={problem} className="break-words">
                {problem}
              </li>
            ))}
            {problems.length > problemsShown && (
              <li>And {plural(problems.length - problemsShown, 'more problem')}.</li>
            )}
          </ul>
        </div>
      </li>
    )
  }
  const { name, graph, key } = file.workflow
  return (
    <li className="overflow-hidden rounded-lg border">
      <div className="flex h-32 items-center justify-center border-b bg-surface-0 px-6">
        <Drawing graph={graph} className="max-h-24 w-full" />
      </div>
      <div className="p-4">
        <p className="truncate text-base font-semibold">{name}</p>
        <p className="truncate text-sm text-text-2">
          {file.name} · {plural(graph.nodes.length, 'node')}
          {key !== undefined && (
            <>
              {' '}
              · key <code>{key}</code>
            </>
          )}
        </p>
        {holder !== undefined && (
          <fieldset className="mt-3 flex flex-col gap-2 border-t pt-3">
            <legend className="sr-only">The key is taken</legend>
            <p className="text-sm">
              <strong className="font-medium">{holder.name}</strong> has this key already.
            </p>
            <Option
              group={group}
              label="Replace its draft"
              help="What is published runs on until you publish the new draft."
              checked={choice === 'replace'}
              onChoose={() => onChoose('replace')}
            />
            <Option
              group={group}
              label="Keep both"
              help="The import becomes a workflow of its own, with another key."
              checked={choice === 'beside'}
              onChoose={() => onChoose('beside')}
            />
          </fieldset>
        )}
      </div>
    </li>
  )
}

interface OptionProps {
  readonly group: string
  readonly label: string
  readonly help: string
  readonly checked: boolean
  readonly onChoose: () => void
}

const Option = ({ group, label, help, checked, onChoose }: OptionProps) => (
  <label className="flex cursor-pointer items-start gap-2 text-sm">
    <input type="radio" name={group} checked={checked} onChange={onChoose} className="mt-1 accent-accent" />
    <span>
      <span className="block font-medium">{label}</span>
      <span className="block text-text-2">{help}</span>
    </span>
  </label>
)
