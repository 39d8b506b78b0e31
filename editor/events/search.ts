import type { ListSearch } from '../routes.tsx'

type Change = { readonly [K in keyof ListSearch]?: ListSearch[K] | undefined }

/** The filters in the URL after a change; `undefined` takes one away. */
export function changed(before: ListSearch, change: Change): ListSearch {
  const { kind, ...texts } = { ...before, ...change }
  const given = Object.entries(texts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return { ...Object.fromEntries(given), ...(kind !== undefined && { kind }) }
}

export const isFiltered = (search: ListSearch): boolean => Object.keys(search).length > 0

export type { Change as ListSearchChange }
