import { useSyncExternalStore } from 'react'
import { type Theme, chooseTheme, chosenTheme } from '../style/theme.ts'

const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Chooses the theme, for every place that shows which one is chosen. */
function choose(theme: Theme): void {
  chooseTheme(theme)
  for (const listener of listeners) listener()
}

export const useTheme = (): readonly [theme: Theme, choose: (theme: Theme) => void] => [
  useSyncExternalStore(subscribe, chosenTheme),
  choose,
]
