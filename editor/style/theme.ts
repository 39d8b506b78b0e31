/** Light, dark, or as the system says; kept in this browser. */
export type Theme = 'system' | 'light' | 'dark'

const key = 'hookloom.theme'
const dark = matchMedia('(prefers-color-scheme: dark)')

export function chosenTheme(): Theme {
  const kept = localStorage.getItem(key)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(key, theme)
  apply()
}

/** Applies the theme now, and again when the system changes its own. */
export function followTheme(): void {
  dark.addEventListener('change', apply)
  apply()
}

function apply(): void {
  const chosen = chosenTheme()
  const isDark = chosen === 'dark' || (chosen === 'system' && dark.matches)
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
}
