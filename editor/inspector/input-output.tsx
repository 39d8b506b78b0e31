import { useMemo } from 'react'
import type { Json } from '../../nodes/contract/json.ts'
import { jsonataPath } from '../parts/json-path.ts'
import { JsonTree } from '../parts/json-tree.tsx'
import { Said, usePicking } from './picking.tsx'

interface InputOutputProps {
  readonly nodeId: string
  readonly input?: Json
  readonly output?: Json
  /** The port that it left by. */
  readonly by?: string
}

/**
 * Side by side where there is room. A value of the input is picked for the expression under the cursor; one of the output
 * is meant for nodes further on, which find it under `$steps`.
 */
export function InputOutput({ nodeId, input, output, by }: InputOutputProps) {
  const isPassedOn = useMemo(
    () => input !== undefined && output !== undefined && JSON.stringify(input) === JSON.stringify(output),
    [input, output],
  )
  const fromInput = usePicking()
  const fromOutput = usePicking()
  return (
    <div className="grid min-w-0 gap-x-4 gap-y-2 @min-[560px]:grid-cols-2 @max-[559.9px]:divide-y">
      {input !== undefined && (
        <JsonTree
          value={input}
          label="Input"
          onPick={fromInput.insert}
          aside={<Said text={fromInput.said} />}
        />
      )}
      {isPassedOn && (
        <p className="flex min-h-8 items-center text-xs text-text-2">
          <span className="font-medium">{by === undefined ? 'Output' : `Output · ${by}`}</span>
          <span className="pl-2 text-text-3">the same as the input</span>
        </p>
      )}
      {output !== undefined && !isPassedOn && (
        <JsonTree
          value={output}
          label={by === undefined ? 'Output' : `Output · ${by}`}
          root={jsonataPath([nodeId], '$steps')}
          onPick={fromOutput.copy}
          aside={<Said text={fromOutput.said} />}
        />
      )}
    </div>
  )
}
