import * as z from 'zod'

/** A setting that cannot be used: one line that says which, what was found, and what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const port = z.coerce
  .number({ error: 'a port is a number from 0 to 65535' })
  .int('a port is a whole number')
  .min(0, 'a port is a number from 0 to 65535')
  .max(65_535, 'a port is a number from 0 to 65535')

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
)

const baseUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'it looks like https://hooks.example.com',
  )
  .transform((text) => text.replace(/\/+$/, ''))

/** The environment that is read: name, check, default and what it is for. The README's table is made from this. */
export const settings = {
  PORT: { schema: port, initial: '3000', about: 'Port to listen on; 0 takes a free one.' },
  HOOKLOOM_HOST: {
    schema: z.string().min(1, 'an address such as 127.0.0.1'),
    initial: '127.0.0.1',
    about: 'Address to listen on; 0.0.0.0 for all.',
  },
  HOOKLOOM_PUBLIC_URL: {
    schema: baseUrl,
    initial: undefined,
    about: 'Where callers reach this server; hook URLs start with it. Default: http://localhost:PORT.',
  },
  HOOKLOOM_DATA_DIR: {
    schema: z.string().min(1, 'a folder'),
    initial: './data',
    about: 'Folder of the embedded database and of what is made at the first start.',
  },
  HOOKLOOM_MONGODB_URL: {
    schema: z.string().regex(/^mongodb(\+srv)?:\/\/./, 'it looks like mongodb://host:27017/hookloom'),
    initial: undefined,
    about:
      'The store of many processes; with HOOKLOOM_REDIS_URL. Without both, everything is in the data folder.',
  },
  HOOKLOOM_REDIS_URL: {
    schema: z.string().regex(/^rediss?(\+(sentinel|cluster))?:\/\/./, 'it looks like redis://host:6379'),
    initial: undefined,
    about: 'The queue of many processes: redis://, redis+sentinel://, redis+cluster://; rediss… for TLS.',
  },
  HOOKLOOM_ROLE: {
    schema: z.enum(['all', 'web', 'worker'], { error: 'one of all, web, worker' }),
    initial: 'all',
    about: 'What this process does: web = door, API and editor; worker = runs; all = both.',
  },
  HOOKLOOM_API_TOKEN: {
    schema: z.string().min(16, 'at least 16 characters, so that nobody guesses it'),
    initial: undefined,
    about: 'Admin token. Without it the first start makes one in the data folder and prints the file’s path.',
  },
  HOOKLOOM_SECRET_KEY: {
    schema: z.string().min(1, '32 bytes in base64'),
    initial: undefined,
    about:
      'Key that secrets are encrypted with, 32 bytes in base64. Without it one is made in the data folder.',
  },
  HOOKLOOM_TRUST_PROXY: {
    schema: z.string().min(1, 'addresses or CIDRs, or a number of proxies'),
    initial: undefined,
    about: 'Proxies whose X-Forwarded-For is believed: CIDRs, or how many stand before this server.',
  },
  HOOKLOOM_TLS_CERT: {
    schema: z.string().min(1, 'a file in PEM form'),
    initial: undefined,
    about: 'Certificate file (PEM); with HOOKLOOM_TLS_KEY the server speaks HTTPS.',
  },
  HOOKLOOM_TLS_KEY: {
    schema: z.string().min(1, 'a file in PEM form'),
    initial: undefined,
    about: 'Private key file (PEM).',
  },
  HOOKLOOM_TLS_CLIENT_CA: {
    schema: z.string().min(1, 'a file in PEM form'),
    initial: undefined,
    about: 'Authorities (PEM) whose certificates callers of hooks must show; with HOOKLOOM_TLS_CERT.',
  },
  HOOKLOOM_OUTBOUND_ALLOW: {
    schema: list,
    initial: '',
    about: 'CIDRs of private targets that outbound requests may reach; none by default.',
  },
  HOOKLOOM_CONCURRENCY: {
    schema: z.coerce
      .number({ error: 'a number of runs' })
      .int('a whole number')
      .min(1, 'at least 1')
      .max(10_000, 'at most 10000'),
    initial: '1000',
    about:
      'Runs worked on at once, half of them of one workflow at most, with 64 MB of bodies; mostly they wait for a target.',
  },
  HOOKLOOM_RETENTION_DAYS: {
    schema: z.coerce
      .number({ error: 'a number of days' })
      .positive('more than 0')
      .max(36_500, 'at most 36500'),
    initial: undefined,
    about: 'Events, their runs and refused requests are removed so long after they ended. Default: never.',
  },
  HOOKLOOM_RETENTION_GB: {
    schema: z.coerce.number({ error: 'a number of gigabytes' }).positive('more than 0'),
    initial: undefined,
    about: 'When the store takes more, the oldest events that have ended are removed. Default: never.',
  },
  HOOKLOOM_LOG_LEVEL: {
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'one of trace, debug, info, warn, error, silent',
    }),
    initial: 'info',
    about: 'How much is logged.',
  },
} as const

type Settings = typeof settings
export type Config = {
  readonly [K in keyof Settings]: Settings[K]['initial'] extends string
    ? z.output<Settings[K]['schema']>
    : z.output<Settings[K]['schema']> | undefined
}

/** Reads and checks the environment. Throws `ConfigError` at the first setting that cannot be used. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const entries = Object.entries(settings).map(([name, { schema, initial }]) => {
    const given = environment[name]
    const found = given === undefined || given === '' ? initial : given
    if (found === undefined) return [name, undefined]
    const parsed = schema.safeParse(found)
    if (parsed.success) return [name, parsed.data]
    throw new ConfigError(`${name} cannot be used: ${parsed.error.issues[0]?.message ?? 'it does not fit'}.`)
  })
  const config = Object.fromEntries(entries) as Config
  if ((config.HOOKLOOM_TLS_CERT === undefined) !== (config.HOOKLOOM_TLS_KEY === undefined)) {
    throw new ConfigError('HOOKLOOM_TLS_CERT and HOOKLOOM_TLS_KEY go together: give both or neither.')
  }
  if (config.HOOKLOOM_TLS_CLIENT_CA !== undefined && config.HOOKLOOM_TLS_CERT === undefined) {
    throw new ConfigError(
      'HOOKLOOM_TLS_CLIENT_CA needs HOOKLOOM_TLS_CERT and HOOKLOOM_TLS_KEY: give them too.',
    )
  }
  checkShared(config)
  return config
}

/** What several processes have to be told alike. */
function checkShared(config: Config): void {
  const { HOOKLOOM_MONGODB_URL: mongodb, HOOKLOOM_REDIS_URL: redis, HOOKLOOM_ROLE: role } = config
  if ((mongodb === undefined) !== (redis === undefined)) {
    throw new ConfigError('HOOKLOOM_MONGODB_URL and HOOKLOOM_REDIS_URL go together: give both or neither.')
  }
  if (mongodb === undefined && role !== 'all') {
    throw new ConfigError(
      `HOOKLOOM_ROLE cannot be ${role} here: the embedded store belongs to one process. Give HOOKLOOM_MONGODB_URL and HOOKLOOM_REDIS_URL, or remove it.`,
    )
  }
  if (mongodb !== undefined && config.HOOKLOOM_SECRET_KEY === undefined) {
    throw new ConfigError(
      'HOOKLOOM_SECRET_KEY is needed with HOOKLOOM_MONGODB_URL, the same for every process. Make one with: openssl rand -base64 32',
    )
  }
  if (role === 'web' && config.HOOKLOOM_API_TOKEN === undefined) {
    throw new ConfigError(
      'HOOKLOOM_API_TOKEN is needed with HOOKLOOM_ROLE=web, the same for every process: each would make its own.',
    )
  }
}
