/**
 * Puts the house together: settings → store, queue, sandbox, outbound → door, API, worker. It alone knows every name,
 * and is as long as that takes.
 */
import packageJson from '../package.json' with { type: 'json' }
import { nodeTypes } from '../nodes/index.ts'
import type { CallerAnswer } from '../nodes/contract/context.ts'
import type { RunId, WorkflowId } from '../nodes/contract/ids.ts'
import { Sessions } from './accounts/sessions.ts'
import { loadApiToken } from './accounts/token.ts'
import { systemClock as clock } from './clock.ts'
import type { Config } from './config.ts'
import { Recovery } from './engine/recover.ts'
import { Retention } from './engine/retention.ts'
import { signal } from './engine/signals.ts'
import { troubled } from './engine/trouble.ts'
import type { Fleet } from './fleet/fleet.ts'
import { Worker } from './engine/worker.ts'
import { createApp } from './http/app.ts'
import { sessionRoutes } from './http/authenticate.ts'
import { hooksHandler } from './http/hooks.ts'
import { openKnock } from './http/knock.ts'
import { listen } from './http/listen.ts'
import { openReadiness } from './http/readiness.ts'
import { houseRoutes } from './http/routes-house.ts'
import { runRoutes } from './http/routes-runs.ts'
import { workflowRoutes } from './http/routes-workflows.ts'
import { Accept } from './inbound/accept.ts'
import { readTrustedProxies } from './inbound/address.ts'
import { Answers } from './inbound/answers.ts'
import { Backlog } from './inbound/backlog.ts'
import { DoorLimits } from './inbound/door-limits.ts'
import { FreshEvents } from './inbound/fresh-events.ts'
import { Refusals } from './inbound/refusals.ts'
import { Pressure } from './inbound/pressure.ts'
import { Remote } from './inbound/remote.ts'
import { openOutbound } from './runtime/http.ts'
import type { Endpoint } from './runtime/guard.ts'
import { openSandbox } from './runtime/sandbox.ts'
import { openTargets } from './runtime/targets.ts'
import { loadSecretKey } from './runtime/secret-key.ts'
import { fingerprint, fingerprintTexts, sealSecrets } from './runtime/secrets.ts'
import type { Run } from './storage/storage.ts'
import { openStores } from './stores.ts'
import { logSignals, openLog } from './telemetry/log.ts'
import { openMetrics } from './telemetry/metrics.ts'
import { Activity } from './workflows/activity.ts'
import { Diagnosing } from './workflows/diagnosing.ts'
import { Editing } from './workflows/editing.ts'
import { freshHand, loadHand, unclaimed } from './workflows/hands.ts'
import { Operating } from './workflows/operating.ts'
import { Published } from './workflows/published.ts'
import { Rejected } from './workflows/rejected.ts'
import { Secrets } from './workflows/secrets.ts'
import { Testing } from './workflows/testing.ts'

/** A stopping server lets what is in hand finish for so long; SIGTERM ends a busy one within 5 s. */
const graceMs = 3_500

/** How long a count of the runs that wait is believed where other processes accept too. */
const sharedCountMs = 2_000

/** A server whose door is open. */
export interface Serving {
  readonly url: string
  /** Lets what is in hand finish for a while, gives the rest back, and ends everything that `serve` began. */
  stop(): Promise<void>
}

/** Throws an error whose message is one line when a part cannot be had. */
export async function serve(config: Config): Promise<Serving> {
  const dataDir = config.HOOKLOOM_DATA_DIR
  const role = config.HOOKLOOM_ROLE
  const log = openLog(config.HOOKLOOM_LOG_LEVEL)
  const { logger } = log
  logSignals(logger)

  const answers = new Answers()
  const stores = await openStores(config)
  const { storage, queue } = stores
  const { token: apiToken, file: tokenFile } = await loadApiToken(config.HOOKLOOM_API_TOKEN, dataDir)
  const key = await loadSecretKey({ dataDir, fromEnvironment: config.HOOKLOOM_SECRET_KEY })
  const known = await storage.settings.get('secret-key')
  if (known !== undefined && known !== fingerprint(key)) {
    throw new Error(
      'the secrets in this data folder were encrypted with another key: give HOOKLOOM_SECRET_KEY the one that they were saved with.',
    )
  }
  if (known === undefined) await storage.settings.put('secret-key', fingerprint(key))
  const sandbox = openSandbox()
  const own: Endpoint[] = [...stores.endpoints]
  const outbound = openOutbound({
    allow: config.HOOKLOOM_OUTBOUND_ALLOW,
    own,
    userAgent: `Hookloom/${packageJson.version}`,
    now: clock.now,
    connectionsPerTarget: config.HOOKLOOM_CONCURRENCY,
  })

  const pressure = new Pressure()
  const fresh = new FreshEvents()
  const remote = new Remote({ outbound })
  const backlog = new Backlog(storage.runs, stores.rates === undefined ? Infinity : sharedCountMs)
  const fingerprintOf = fingerprintTexts(key)
  const refusals = new Refusals({ storage, clock, fingerprint: fingerprintOf })
  const secrets: Secrets = new Secrets({
    store: storage.secrets,
    sealer: sealSecrets(key),
    now: clock.now,
    onChange: () => published.forget(),
  })
  const published: Published = new Published({ storage, secrets, types: nodeTypes, sandbox, remote })
  const load = (run: Run) => loadHand(run, { storage, published })
  const tools = {
    clock,
    sandbox,
    outbound,
    targets: openTargets({ monotonic: clock.monotonic, shared: stores.targets }),
    revealSecret: (name: string) => secrets.reveal(name),
    answerCaller: (runId: RunId, answer: CallerAnswer) => {
      if (!answers.give(runId, answer)) fleet.tell({ kind: 'answer', runId, answer })
    },
  }
  const recovery: Recovery = new Recovery({ runs: storage.runs, queue, leads: () => worker.leads() })
  const worker: Worker = new Worker({
    storage,
    queue,
    tools,
    // Nothing was recorded before the first claim.
    load: (run) => loadHand(run, { storage, published }, run.fence === 1 ? [] : undefined),
    loadFresh: async (id) => {
      const known = fresh.take(id)
      return known && freshHand(known, { storage, published })
    },
    loadNew: (run) => loadHand(unclaimed(run), { storage, published }, []),
    concurrency: config.HOOKLOOM_CONCURRENCY,
    turn: pressure.turn,
    onDeath: (died) => recovery.takeOver(died),
  })
  const { HOOKLOOM_RETENTION_DAYS: days, HOOKLOOM_RETENTION_GB: gigabytes } = config
  const retention = new Retention({
    storage,
    clock,
    leads: () => worker.leads(),
    days,
    bytes: gigabytes === undefined ? undefined : gigabytes * 1_000_000_000,
  })
  const editing = new Editing({
    storage,
    queue,
    sandbox,
    secrets,
    clock,
    types: nodeTypes,
    onChange: () => published.forget(),
  })
  const onHeld = (id: WorkflowId) => editing.releaseIfEnabled(id).catch(troubled('held runs'))
  const scheme = config.HOOKLOOM_TLS_CERT === undefined ? 'http' : 'https'
  // Port 0 takes a free one, which is known only once it listens: URLs ask for it when they are made.
  let port = config.PORT
  const publicUrl = () => config.HOOKLOOM_PUBLIC_URL ?? `${scheme}://localhost:${port}`
  const trusted = readTrustedProxies(config.HOOKLOOM_TRUST_PROXY ?? '')
  if (!trusted.ok) throw new Error(`HOOKLOOM_TRUST_PROXY cannot be used: ${trusted.detail}.`)

  const accept = new Accept({
    storage,
    queue,
    sandbox,
    clock,
    // A web process runs nothing: whoever does reads the store.
    fresh: role === 'web' ? { keep: () => undefined } : fresh,
    backlog,
    refusals,
    onHeld: ({ workflow }) => void onHeld(workflow.id),
    remote,
    onLearned: (name, secret) => secrets.putNew(name, secret),
  })
  const rejected = new Rejected({ storage, secrets, fingerprint: fingerprintOf, publicUrl })
  const operating = new Operating({
    storage,
    queue,
    clock,
    load,
    published,
    rejected,
    accept,
    onHeld,
    breakOff: (runId) => {
      worker.cancel(runId)
      fleet.tell({ kind: 'cancel', runId })
    },
  })

  const testing = new Testing({
    storage,
    queue,
    published,
    secrets,
    types: nodeTypes,
    tools,
    clock,
    load,
    publicUrl,
    knock: openKnock({ scheme, host: config.HOOKLOOM_HOST, port: () => port }),
  })
  const authentication = {
    apiToken,
    sessions: new Sessions({ settings: storage.settings, now: clock.now }),
    publicUrl,
  }
  const isWeb = role !== 'worker'
  const app = createApp({
    routes: !isWeb
      ? []
      : [
          ...workflowRoutes({
            storage,
            editing,
            testing,
            activity: new Activity({ storage, clock }),
            publicUrl,
          }),
          ...runRoutes({
            storage,
            operating,
            diagnosing: new Diagnosing({ storage, published, rejected, remote }),
            monotonic: clock.monotonic,
          }),
          ...houseRoutes({
            storage,
            queue,
            secrets,
            types: nodeTypes,
            session: sessionRoutes(authentication),
            trusted: trusted.trusted,
            now: clock.now,
          }),
        ],
    authentication,
    publicUrl,
    readiness: openReadiness({ storage, queue, takesIn: isWeb, now: clock.now }),
    metrics: openMetrics(() => queue.counts()),
  })
  const server = await listen({
    host: config.HOOKLOOM_HOST,
    port,
    tls:
      config.HOOKLOOM_TLS_CERT === undefined || config.HOOKLOOM_TLS_KEY === undefined
        ? undefined
        : {
            cert: config.HOOKLOOM_TLS_CERT,
            key: config.HOOKLOOM_TLS_KEY,
            clientCa: config.HOOKLOOM_TLS_CLIENT_CA,
          },
    hooks: !isWeb
      ? () => false
      : hooksHandler({
          accept,
          refusals,
          answers,
          pressure,
          asksForCertificate: config.HOOKLOOM_TLS_CLIENT_CA !== undefined,
          limits: new DoorLimits({ backlog, monotonic: clock.monotonic, shared: stores.rates }),
          trusted: trusted.trusted,
          publicUrl,
          hook: (token) => published.hook(token),
          draftHook: (token) => published.draftHook(token),
        }),
    app,
  })
  port = server.port
  own.push({ host: config.HOOKLOOM_HOST, port })
  const fleet: Fleet = stores.join({
    onForgotten: () => void recovery.sweep().catch(troubled('recovery')),
    onWord: (word) => {
      if (word.kind === 'cancel') worker.cancel(word.runId)
      else answers.give(word.runId, word.answer)
    },
    onChanged: () => {
      secrets.forget()
      published.forget()
    },
  })
  if (role !== 'web') {
    await worker.start()
    retention.start()
  }
  // The door is open meanwhile: what comes in while many old runs are put back is stored and waits its turn.
  const recovering =
    role === 'web'
      ? Promise.resolve()
      : Promise.all([recovery.start(), editing.releaseAll()]).catch(troubled('recovery'))

  logger.info({ port, dataDir, role, version: packageJson.version }, 'server.started')
  log.flush()
  const tokenPlace = tokenFile === undefined ? 'HOOKLOOM_API_TOKEN' : tokenFile
  const signIn = `Sign in with the API token in ${tokenPlace}${tokenFile === undefined ? '.' : ''}\n`
  // In one: who waits for the first line has read the other one, too.
  process.stdout.write(`Hookloom is ready at ${publicUrl()}\n${isWeb ? signIn : ''}`)
  return {
    url: publicUrl(),
    async stop() {
      signal('server.stopping', { graceMs })
      recovery.stop()
      const swept = retention.stop()
      const closing = server.close(graceMs)
      await worker.stop(graceMs)
      answers.close()
      await Promise.all([closing, recovering, swept, refusals.close()])
      await Promise.all([outbound.close(), sandbox.close()])
      await stores.close()
      logger.info('server.stopped')
      log.flush()
    },
  }
}
