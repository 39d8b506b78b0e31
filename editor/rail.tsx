/** The rail: every place of the house, by mouse and by keyboard (`g`, then the letter). */
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { ChartNoAxesColumn, Inbox, Monitor, Moon, Play, Settings, Sun, Waypoints } from 'lucide-react'
import { useEffect } from 'react'
import { IconButton } from './parts/button.tsx'
import { Tip } from './parts/tip.tsx'
import { isTaken, singleKeys, useSingleKeys } from './settings/single-keys.ts'
import { useTheme } from './settings/use-theme.ts'
import type { Theme } from './style/theme.ts'

/** `also`: another page of the same place. */
const places = [
  { to: '/workflows', also: undefined, label: 'Workflows', letter: 'w', icon: Waypoints },
  { to: '/events', also: '/rejected', label: 'Events', letter: 'e', icon: Inbox },
  { to: '/runs', also: undefined, label: 'Runs', letter: 'r', icon: Play },
  { to: '/dashboard', also: undefined, label: 'Dashboard', letter: 'd', icon: ChartNoAxesColumn },
  { to: '/settings', also: undefined, label: 'Settings', letter: 's', icon: Settings },
] as const

export function Rail() {
  useGoTo()
  const keys = useSingleKeys()
  const pathname = useLocation({ select: ({ pathname }) => pathname })
  return (
    <nav
      aria-label="Main"
      className="flex shrink-0 items-center gap-1 border-r bg-surface-1 max-sm:h-14 max-sm:border-t max-sm:border-r-0 max-sm:px-2 sm:w-14 sm:flex-col sm:py-3"
    >
      <Link to="/workflows" aria-label="Hookloom, home" className="rounded-md max-sm:hidden sm:mb-3">
        <img src="/icon.svg" alt="" className="size-7" />
      </Link>
      <ul className="contents">
        {places.map(({ to, also, label, letter, icon: Icon }) => (
          <li key={to} className="flex max-sm:grow max-sm:justify-center">
            <Tip text={label} side="right" {...(keys && { keys: `g+${letter}` })}>
              <Link
                to={to}
                aria-label={label}
                {...(also === pathname && { 'aria-current': 'true' })}
                className="group relative flex size-10 items-center justify-center rounded-md text-text-2 transition-colors duration-150 hover:bg-surface-2 hover:text-text-1 aria-[current]:bg-accent-soft aria-[current]:text-accent"
              >
                <span className="absolute inset-y-2 -left-2 w-0.5 rounded-full group-aria-[current]:bg-accent max-sm:hidden" />
                <Icon className="size-5" aria-hidden />
              </Link>
            </Tip>
          </li>
        ))}
      </ul>
      <div className="max-sm:ml-1 sm:mt-auto">
        <ThemeButton />
      </div>
    </nav>
  )
}

const themes = {
  system: { label: 'Theme: as the system', icon: Monitor, next: 'light' },
  light: { label: 'Theme: light', icon: Sun, next: 'dark' },
  dark: { label: 'Theme: dark', icon: Moon, next: 'system' },
} as const satisfies Record<Theme, { label: string; icon: unknown; next: Theme }>

function ThemeButton() {
  const [theme, choose] = useTheme()
  const { label, icon: Icon, next } = themes[theme]
  return (
    <IconButton label={label} side="right" onClick={() => choose(next)} className="size-10 [&_svg]:size-5">
      <Icon />
    </IconButton>
  )
}

const secondKeyWithinMs = 1_200

/** `g`, then a place's letter. The second key is taken before the canvas could hear it. */
function useGoTo(): void {
  const navigate = useNavigate()
  useEffect(() => {
    let until = 0
    const onKeyDown = (event: KeyboardEvent) => {
      if (isTaken(event) || !singleKeys()) return
      const place = event.timeStamp < until && places.find(({ letter }) => letter === event.key)
      until = event.key === 'g' ? event.timeStamp + secondKeyWithinMs : 0
      if (!place) return
      event.preventDefault()
      event.stopPropagation()
      void navigate({ to: place.to })
    }
    addEventListener('keydown', onKeyDown, { capture: true })
    return () => removeEventListener('keydown', onKeyDown, { capture: true })
  }, [navigate])
}
