/** The pages by their URLs. What is open is in the URL and nowhere else. */
import {
  Outlet,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { NotFound } from './not-found.tsx'
import { Frame } from './frame.tsx'

const root = createRootRoute({ component: Outlet })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: ({ from }: Record<string, unknown>): { from?: string } =>
    typeof from === 'string' ? { from } : {},
  component: lazyRouteComponent(() => import('./session/sign-in.tsx'), 'SignIn'),
})

/** Everything behind the sign-in, with the rail at its left. */
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: () => {
    // oxlint-disable-next-line typescript/only-throw-error -- the router's own form
    throw redirect({ to: '/workflows' })
  },
})

const workflows = createRoute({
  getParentRoute: () => frame,
  path: '/workflows',
  component: lazyRouteComponent(() => import('./workflows/workflows.tsx'), 'Workflows'),
})

export interface WorkflowSearch {
  /** The selected node. */
  readonly node?: string
  /** A run whose path is drawn on the canvas. */
  readonly run?: string
  /** What the canvas shows: the draft (default) or the published graph with what happened on it. */
  readonly show?: 'production'
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

const workflow = createRoute({
  getParentRoute: () => frame,
  path: '/workflows/$id',
  validateSearch: (search: Record<string, unknown>): WorkflowSearch => {
    const node = text(search['node'])
    const run = text(search['run'])
    return {
      ...(node !== undefined && { node }),
      ...(run !== undefined && { run }),
      ...(search['show'] === 'production' && { show: 'production' }),
    }
  },
  component: lazyRouteComponent(() => import('./workflows/workflow.tsx'), 'WorkflowPage'),
})

export interface ListSearch {
  readonly workflow?: string
  readonly state?: string
  readonly kind?: 'production' | 'test'
  readonly type?: string
  readonly reason?: string
  readonly event?: string
  readonly ip?: string
  /** Of rejections: whether somebody accepted them by hand. */
  readonly accepted?: string
}

const listSearch = (search: Record<string, unknown>): ListSearch => ({
  ...Object.fromEntries(
    ['workflow', 'state', 'type', 'reason', 'event', 'ip', 'accepted'].flatMap((name) => {
      const value = text(search[name])
      return value === undefined ? [] : [[name, value]]
    }),
  ),
  ...((search['kind'] === 'production' || search['kind'] === 'test') && { kind: search['kind'] }),
})

const events = createRoute({
  getParentRoute: () => frame,
  path: '/events',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./events/events.tsx'), 'Events'),
})

const event = createRoute({
  getParentRoute: () => frame,
  path: '/events/$id',
  component: lazyRouteComponent(() => import('./events/event.tsx'), 'EventPage'),
})

const rejections = createRoute({
  getParentRoute: () => frame,
  path: '/rejected',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./events/rejections.tsx'), 'Rejections'),
})

const runs = createRoute({
  getParentRoute: () => frame,
  path: '/runs',
  validateSearch: listSearch,
  component: lazyRouteComponent(() => import('./runs/runs.tsx'), 'Runs'),
})

const run = createRoute({
  getParentRoute: () => frame,
  path: '/runs/$id',
  component: lazyRouteComponent(() => import('./runs/run.tsx'), 'RunPage'),
})

const dashboard = createRoute({
  getParentRoute: () => frame,
  path: '/dashboard',
  component: lazyRouteComponent(() => import('./dashboard/dashboard.tsx'), 'Dashboard'),
})

const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/settings.tsx'), 'Settings'),
})

const nowhere = createRoute({ getParentRoute: () => frame, path: '$', component: NotFound })

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    frame.addChildren([
      home,
      workflows,
      workflow,
      events,
      event,
      rejections,
      runs,
      run,
      dashboard,
      settings,
      nowhere,
    ]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
