const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const names: Readonly<Record<string, readonly [mac: string, other: string]>> = {
  mod: ['⌘', 'Ctrl'],
  shift: ['⇧', 'Shift'],
  alt: ['⌥', 'Alt'],
  enter: ['↵', 'Enter'],
  backspace: ['⌫', 'Backspace'],
  delete: ['⌦', 'Del'],
  escape: ['Esc', 'Esc'],
  ArrowLeft: ['←', '←'],
  ArrowRight: ['→', '→'],
  ArrowUp: ['↑', '↑'],
  ArrowDown: ['↓', '↓'],
}

/** Keys as this machine calls them: `mod+shift+l`; a plus that is the key itself stands last, `shift++`. */
export const keyNames = (keys: string): readonly string[] =>
  (keys.match(/[^+]+|(?<=^|\+)\+/g) ?? []).map(
    (key) => names[key]?.[isMac ? 0 : 1] ?? (key.length === 1 ? key.toUpperCase() : key),
  )

export const Keys = ({ keys }: { readonly keys: string }) => (
  <span className="inline-flex gap-0.5" aria-hidden>
    {keyNames(keys).map((name) => (
      <kbd
        key={name}
        className="min-w-4 rounded-sm border bg-surface-2 px-1 text-center text-[11px] leading-4 text-text-2"
      >
        {name}
      </kbd>
    ))}
  </span>
)
