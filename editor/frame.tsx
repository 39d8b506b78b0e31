import { Link, Outlet } from '@tanstack/react-router'
import { ChartNoAxesColumn, Inbox, Play, Settings, Waypoints } from 'lucide-react'
import { useLive } from './api/live.ts'
import { OfflineBanner } from './offline.tsx'
import { Tip } from './parts/tip.tsx'

const places = [
  { to: '/workflows', label: 'Workflows', icon: Waypoints },
  { to: '/events', label: 'Events', icon: Inbox },
  { to: '/runs', label: 'Runs', icon: Play },
  { to: '/dashboard', label: 'Dashboard', icon: ChartNoAxesColumn },
  { to: '/settings', label: 'Settings', icon: Settings },
] as const

/** The rail at the left, and the page beside it. */
export function Frame() {
  useLive()
  return (
    <div className="flex h-full flex-col">
      <OfflineBanner />
      <div className="flex min-h-0 grow">
        <nav
          aria-label="Main"
          className="flex w-14 shrink-0 flex-col items-center gap-1 border-r bg-surface-1 py-3"
        >
          <img src="/icon.svg" alt="Hookloom" className="mb-3 size-7" />
          {places.map(({ to, label, icon: Icon }) => (
            <Tip key={to} text={label} side="right">
              <Link
                to={to}
                aria-label={label}
                className="flex size-10 items-center justify-center rounded-md text-text-2 hover:bg-surface-2 hover:text-text-1 [&.active]:bg-accent-soft [&.active]:text-accent"
              >
                <Icon className="size-5" aria-hidden />
              </Link>
            </Tip>
          ))}
        </nav>
        <main className="min-w-0 grow">
          <Outlet />
        </main>
      </div>
    </div>
  )
}
