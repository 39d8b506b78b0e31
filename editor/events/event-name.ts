import type { Event } from '../../nodes/contract/api.ts'
import { visible } from '../parts/visible-text.ts'

/** What an event is called: the provider's name for it, or how it was sent. */
export const eventName = ({ type, method, path }: Pick<Event, 'type' | 'method' | 'path'>): string =>
  visible(type ?? `${method} ${path === '' ? '/' : path}`)
