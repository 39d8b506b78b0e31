/** The sample that data is shown on: one for the whole graph, chosen by the person. It is never saved. */
import type { Event } from '../../nodes/contract/api.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { createStore } from 'zustand/vanilla'

export type Sample =
  | { readonly kind: 'event'; readonly event: Event }
  /** A provider's own example, or what the person wrote. */
  | { readonly kind: 'message'; readonly title: string; readonly message: Json }

export interface SampleState {
  readonly sample: Sample | undefined
  choose(sample: Sample | undefined): void
}

export type SampleStore = ReturnType<typeof createSample>

export const createSample = () =>
  createStore<SampleState>()((set) => ({
    sample: undefined,
    choose: (sample) => set({ sample }),
  }))
