import { Outlet } from '@tanstack/react-router'
import { useLive } from './api/live.ts'
import { OfflineBanner } from './offline.tsx'
import { Rail } from './rail.tsx'

/** The rail at the left (under the page where it is narrow), and the page beside it. */
export function Frame() {
  useLive()
  return (
    <div className="flex h-full flex-col">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent text-sm font-medium text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:px-3 focus:py-1.5"
      >
        Skip to the page
      </a>
      <OfflineBanner />
      <div className="flex min-h-0 grow max-sm:flex-col-reverse">
        <Rail />
        <main id="main" tabIndex={-1} className="min-h-0 min-w-0 grow focus:outline-none">
          <Outlet />
        </main>
      </div>
    </div>
  )
}
