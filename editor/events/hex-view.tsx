import { useState } from 'react'
import { Button } from '../parts/button.tsx'
import { bytes as size } from '../parts/words.ts'

const lineBytes = 16
const pageBytes = 4_096

/** Bytes one by one, a page at a time: where they stand, in hex, and as characters where they are some. */
export function HexView({ bytes }: { readonly bytes: Uint8Array }) {
  const [shown, setShown] = useState(pageBytes)
  const left = bytes.length - shown
  return (
    <>
      <pre
        tabIndex={0}
        aria-label="Bytes"
        className="overflow-x-auto py-1 font-mono text-xs leading-5 text-text-1"
      >
        {linesOf(bytes.subarray(0, shown)).map(({ at, hex, characters }) => (
          <span key={at} className="flex gap-5">
            <span className="text-text-3">{at}</span>
            <span>{hex}</span>
            <span className="text-text-2">{characters}</span>
          </span>
        ))}
      </pre>
      {left > 0 && (
        <div className="flex items-center gap-2 pb-1">
          <Button look="quiet" size="sm" onClick={() => setShown(shown + pageBytes)}>
            Show more
          </Button>
          <span className="text-xs text-text-3">{size(left)} left</span>
        </div>
      )}
    </>
  )
}

const linesOf = (bytes: Uint8Array) =>
  Array.from({ length: Math.ceil(bytes.length / lineBytes) }, (_, line) => {
    const part = [...bytes.subarray(line * lineBytes, (line + 1) * lineBytes)]
    return {
      at: (line * lineBytes).toString(16).padStart(6, '0'),
      hex: part
        .map((byte) => byte.toString(16).padStart(2, '0'))
        .join(' ')
        .padEnd(lineBytes * 3 - 1),
      characters: part.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : '·')).join(''),
    }
  })
