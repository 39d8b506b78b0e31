import { useState } from 'react'
import { cut, visible } from './visible-text.ts'

interface HeadersTableProps {
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly label?: string
}

/** Headers as they came, in order. */
export const HeadersTable = ({ headers, label = 'Headers' }: HeadersTableProps) =>
  headers.length === 0 ? (
    <p className="text-sm text-text-3">No headers.</p>
  ) : (
    <table aria-label={label} className="w-full table-fixed border-collapse font-mono text-xs">
      <thead className="sr-only">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {headers.map(({ name, value }, at) => (
          <tr key={at} className="border-b align-top last:border-0">
            <th scope="row" className="w-2/5 py-1 pr-3 text-left font-normal break-words text-text-2">
              {visible(name)}
            </th>
            <td className="py-1 break-all text-text-1">
              <HeaderValue value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )

const valueShown = 300

function HeaderValue({ value }: { readonly value: string }) {
  const [isWhole, setWhole] = useState(false)
  if (isWhole || value.length <= valueShown) return visible(value)
  return (
    <>
      {visible(cut(value, valueShown))}…{' '}
      <button
        type="button"
        onClick={() => setWhole(true)}
        className="font-sans text-accent underline-offset-2 hover:underline"
      >
        show more
      </button>
    </>
  )
}
