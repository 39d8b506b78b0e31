import { defineConfig } from 'vitest/config'

/** They measure how soon a core is at rest again: beside other tests they would measure those. */
const aloneOnTheMachine = [
  'test/sandbox/{corpus,limits,neighbours}.test.ts',
  'test/journey/{hostile,crash}.test.ts',
]

const inBrowser = ['test/journey/editor-*.test.ts']

export default defineConfig({
  test: {
    // Real processes and real sockets on two cores: a slow machine is no failure.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...aloneOnTheMachine, ...inBrowser],
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'in a browser',
          include: inBrowser,
          // Most of the time a page waits: two of them take half as long.
          maxWorkers: 2,
          testTimeout: 90_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: aloneOnTheMachine,
          maxWorkers: 1,
          sequence: { groupOrder: 0 },
        },
      },
    ],
  },
})
