import { QueryCache, QueryClient, QueryClientProvider, MutationCache } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { Suspense, lazy, useSyncExternalStore } from 'react'
import { ApiProblem, isSignedOut } from './api/client.ts'
import { hasTold, loadToasts, onTold } from './parts/tell.ts'
import { Tips } from './parts/tips.tsx'
import { router } from './routes.tsx'

/** Whoever is signed out is asked to sign in, and comes back to where they were. */
const onError = (error: unknown) => {
  if (!isSignedOut(error) || router.state.location.pathname === '/sign-in') return
  void router.navigate({ to: '/sign-in', search: { from: router.state.location.href } })
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server refused once it refuses again; a server that is away may come back.
      retry: (count, error) => !(error instanceof ApiProblem) && count < 3,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

export const App = () => (
  <QueryClientProvider client={queries}>
    <RouterProvider router={router} />
    <Tips />
    <Corner />
  </QueryClientProvider>
)

const Toasts = lazy(async () => ({ default: (await loadToasts()).Toasts }))

function Corner() {
  const isUsed = useSyncExternalStore(onTold, hasTold)
  return isUsed ? (
    <Suspense>
      <Toasts />
    </Suspense>
  ) : null
}
