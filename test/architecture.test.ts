import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

/** Who may import what, and why. The first rule whose folder holds the file applies; `node:` is allowed where it says so. */
const ports = ['server/storage/storage.ts', 'server/queue/queue.ts', 'server/runtime/runtime.ts']
const rules = [
  { in: 'nodes/contract/', may: ['nodes/contract/', 'zod/mini'], why: 'the contract knows no one' },
  { in: 'nodes/', may: ['nodes/', 'zod/mini'], why: 'a node reaches the world only through its context' },
  {
    in: 'server/engine/',
    may: ['server/engine/', ...ports, 'nodes/', 'node:diagnostics_channel'],
    why: 'the engine decides: it sees ports, never adapters, and does no I/O of its own',
  },
  {
    in: 'server/workflows/',
    may: ['server/workflows/', 'server/engine/', 'server/inbound/', ...ports, 'nodes/', 'node:crypto'],
    why: 'what a workflow is to a person and to the door is said over ports',
  },
  {
    in: 'server/storage/',
    may: [
      'server/storage/',
      'server/runtime/runtime.ts',
      'nodes/contract/',
      'better-sqlite3',
      'mongoose',
      'node:',
    ],
    why: 'a store knows its own port and its own driver',
  },
  {
    in: 'server/queue/',
    may: ['server/queue/', 'server/redis/', 'nodes/contract/', 'better-sqlite3', 'bullmq', 'node:'],
    why: 'a queue knows its own port and its own driver',
  },
  {
    in: 'server/fleet/',
    may: ['server/fleet/', 'server/engine/signals.ts', 'server/redis/', 'nodes/contract/', 'node:'],
    why: 'the word between processes carries signals and decides nothing',
  },
  {
    in: 'server/redis/',
    may: ['server/redis/', 'server/runtime/runtime.ts', 'ioredis'],
    why: 'how Redis is reached, and what is kept there for others',
  },
  {
    in: 'server/runtime/',
    may: [
      'server/runtime/',
      'server/sandbox/protocol.ts',
      'server/sandbox/notice.ts',
      'nodes/contract/',
      'undici',
      'ipaddr.js',
      'node:',
    ],
    why: 'what stands behind a node’s context knows neither the engine nor the store',
  },
  {
    in: 'server/sandbox/',
    may: ['server/sandbox/', 'isolated-vm', 'jsonata', 'node:'],
    why: 'the child is alone',
  },
  {
    in: 'server/inbound/',
    may: [
      'server/inbound/',
      'server/engine/',
      ...ports,
      'nodes/',
      'ipaddr.js',
      'jose',
      'busboy',
      'fast-xml-parser',
      'node:',
    ],
    why: 'the door knows no web framework and no adapter',
  },
  { in: 'server/accounts/', may: ['server/accounts/', ...ports, 'node:'], why: 'accounts know no engine' },
  {
    in: 'server/telemetry/',
    may: ['server/telemetry/', 'server/engine/signals.ts', ...ports, 'pino', 'prom-client'],
    why: 'telemetry listens; nobody waits for it',
  },
  {
    in: 'server/http/',
    may: [
      'server/http/',
      'server/inbound/',
      'server/engine/',
      'server/workflows/',
      'server/accounts/',
      ...ports,
      'nodes/',
      'express',
      'zod',
      'node:',
    ],
    why: 'the web layer translates; it knows no adapter',
  },
  {
    in: 'server/cli/',
    may: ['server/cli/', 'server/copy.ts', 'nodes/', 'yaml', 'zod', 'node:'],
    why: 'the command line speaks only the API, but to move from one store to another, where no server may run',
  },
  {
    in: 'editor/state/',
    may: ['editor/state/', 'nodes/', 'zustand'],
    why: 'what is edited can be tested and thought about without React and a page',
  },
  { in: 'editor/api/', may: ['editor/api/', 'nodes/', 'react', '@tanstack/'], why: 'it only speaks HTTP' },
  {
    in: 'editor/',
    may: [
      'editor/',
      'nodes/',
      'react',
      '@xyflow/react',
      '@tanstack/',
      '@codemirror/',
      '@lezer/',
      '@dagrejs/dagre',
      '@tailwindcss/vite',
      '@vitejs/plugin-react',
      'vite',
      'zustand',
      'radix-ui',
      'lucide-react',
      'cmdk',
      'sonner',
      'uplot',
      'yaml',
    ],
    why: 'the editor reaches the server over HTTP only',
  },
] as const

const files = ['nodes', 'server', 'editor']
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('dist'))
      .map((name) => `${folder}/${name}`),
  )

test.each(files)('%s imports only what its place allows', (file) => {
  const rule = rules.find((rule) => file.startsWith(rule.in))
  const strangers = importsOf(file).filter(
    (name) => rule && !rule.may.some((allowed) => name.startsWith(allowed)),
  )
  expect(strangers, rule?.why).toEqual([])
})

test.each(files)('%s is not imported from where nobody may know it', (file) => {
  // `main.ts` is two lines before it.
  const composition = file === 'server/main.ts' ? [] : ['server/serve.ts', 'server/cli/hookloom.ts']
  expect(
    importsOf(file).filter((name) => composition.includes(name)),
    'the composition root is nobody’s part',
  ).toEqual([])
})

const statements =
  /^(?:import|export)\b[^'"=();]*?\bfrom\s*['"]([^'"]+)['"]|^import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

function importsOf(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(statements)]
    .map(([, from, bare, lazy]) => from ?? bare ?? lazy ?? '')
    .map((name) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name))
}
