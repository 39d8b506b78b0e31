import { expect, test } from 'vitest'
import { number, text } from '../../nodes/contract/field.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { migrateGraph } from '../../nodes/contract/migrate.ts'
import { defineNode } from '../../nodes/contract/node.ts'

/** Version 1 had `wait` in minutes, version 2 in seconds, version 3 calls it `seconds`. */
const pause = defineNode({
  id: 'pause',
  title: 'Pause',
  summary: 'Waits.',
  icon: 'clock',
  group: 'logic',
  fields: { seconds: number({ label: 'Seconds', initial: 60 }), note: text({ label: 'Note' }) },
  sentence: () => ['Wait'],
  outputs: { out: 'Out' },
  role: 'waits',
  pure: true,
  examples: [],
  migrations: [
    (old) => ({ ...old, wait: Number(old.wait) * 60 }),
    ({ wait, ...old }) => ({ ...old, seconds: wait }),
  ],
  run: (_config, { input }) => ({ port: 'out', data: input }),
})
const types = { pause }

const graphOf = (config: object, version?: number, type = 'pause'): Graph => ({
  nodes: [
    {
      id: 'p',
      type,
      position: { x: 1, y: 2 },
      data: { label: 'L', config: { ...config }, ...(version !== undefined && { version }) },
    },
  ],
  edges: [],
})

test('brings settings without a version through every migration, in order', () => {
  const old = graphOf({ wait: 2, note: 'n' })
  const before = structuredClone(old)
  expect(migrateGraph(old, types)).toEqual(graphOf({ seconds: 120, note: 'n' }, 3))
  expect(old).toEqual(before)
})

test('starts at the version that was saved', () => {
  expect(migrateGraph(graphOf({ wait: 90 }, 2), types)).toEqual(graphOf({ seconds: 90 }, 3))
})

test('returns the same graph when there is nothing to do', () => {
  for (const graph of [
    graphOf({ seconds: 5 }, 3),
    graphOf({ x: 1 }, 9),
    graphOf({ wait: 1 }, 1, 'unknown'),
  ]) {
    expect(migrateGraph(graph, types)).toBe(graph)
  }
})
