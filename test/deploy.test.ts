import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig, settings } from '../server/config.ts'

interface Service {
  readonly image?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly deploy?: { readonly replicas: number }
  readonly healthcheck?: unknown
}
const compose = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
}
const { web, worker, redis, mongodb, caddy } = compose.services

const given = { HOOKLOOM_SECRET_KEY: Buffer.alloc(32).toString('base64'), HOOKLOOM_API_TOKEN: 'x'.repeat(32) }
const filledIn = (environment: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+)(?::([?-])([^}]*))?\}/g, (_, named: string, kind: string, rest: string) =>
        kind === '-' ? rest : (given[named as keyof typeof given] ?? ''),
      ),
    ]),
  )

test('the compose file starts one web and two workers with settings that this version takes', () => {
  expect(web?.deploy?.replicas).toBe(1)
  expect(worker?.deploy?.replicas).toBe(2)
  for (const service of [web, worker]) {
    const names = Object.keys(service?.environment ?? {})
    expect(names.filter((name) => !(name in settings))).toEqual([])
    const config = readConfig(filledIn(service?.environment))
    expect(config).toMatchObject({
      HOOKLOOM_REDIS_URL: 'redis://redis:6379',
      HOOKLOOM_PUBLIC_URL: 'https://localhost',
    })
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] })
  }
})

test('the stores are durable, evict nothing, and are probed', () => {
  const text = readFileSync('docker-compose.yml', 'utf8')
  expect(text).toMatch(/--appendonly, 'yes'.*--maxmemory-policy, noeviction/)
  expect(text).toMatch(/--replSet, rs0/)
  for (const service of [redis, mongodb]) expect(service?.healthcheck).toBeDefined()
  expect(caddy?.image).toMatch(/^caddy:2/)
})

test('the image runs as nobody special, with what it copies and without what only builds', () => {
  const lines = readFileSync('Dockerfile', 'utf8').split('\n')
  const last = lines.findLastIndex((line) => line.startsWith('FROM '))
  const final = lines.slice(last)
  expect(lines[last]).toBe('FROM node:24-slim')
  expect(final).toContain('USER node')
  expect(final.join('\n')).toContain('HEALTHCHECK')
  const copied = final.flatMap((line) => /^COPY (?!--from)(\S+)/.exec(line)?.[1] ?? [])
  expect(copied.filter((path) => !existsSync(path))).toEqual([])
  expect(lines.some((line) => /^RUN npm prune .*--omit=dev/.test(line))).toBe(true)
})

const client = spawnSync('docker', ['compose', 'version']).status === 0
test.skipIf(!client)(
  `docker compose config takes the file${client ? '' : ' (not here: there is no docker compose)'}`,
  () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      env: { ...process.env, ...given },
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
  },
)
