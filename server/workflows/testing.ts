/** Trying a workflow out: the draft on real data, a preview as somebody types, a signed sample through the real door. */
import { randomBytes } from 'node:crypto'
import type * as api from '../../nodes/contract/api.ts'
import type { EventView } from '../../nodes/contract/context.ts'
import { isSecretReference } from '../../nodes/contract/field.ts'
import type { Graph } from '../../nodes/contract/graph.ts'
import { readId } from '../../nodes/contract/ids.ts'
import type { Json } from '../../nodes/contract/json.ts'
import { shapeProblems } from '../../nodes/contract/problems.ts'
import type { NodeTypes } from '../../nodes/contract/node.ts'
import { providers, schemesOf } from '../../nodes/providers/index.ts'
import type { Clock } from '../engine/clock.ts'
import { enqueue } from '../engine/enqueue.ts'
import { Hand, type Tools } from '../engine/hand.ts'
import { limits } from '../engine/limits.ts'
import { signal } from '../engine/signals.ts'
import { Message } from '../engine/message.ts'
import { plan } from '../engine/plan.ts'
import { executeStep } from '../engine/step.ts'
import { sign } from '../inbound/sign.ts'
import type { Queue } from '../queue/queue.ts'
import { Conflict, NotFound, type Run, type Storage, type Workflow } from '../storage/storage.ts'
import { Unfit, closed } from './graph-check.ts'
import { type DraftGraph, unclaimed } from './hands.ts'
import type { Published } from './published.ts'
import { freshSample } from './sample.ts'
import type { Secrets } from './secrets.ts'

export interface TestingOptions {
  readonly storage: Storage
  readonly queue: Queue
  readonly published: Published
  readonly secrets: Secrets
  readonly types: NodeTypes
  readonly tools: Tools
  readonly clock: Clock
  readonly load: (run: Run) => Promise<Hand | undefined>
  readonly publicUrl: () => string
  /** Sends a request to this server's own door, by its socket. */
  readonly knock: (request: {
    readonly method: string
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: Buffer
  }) => Promise<{ readonly status: number; readonly body: string }>
}

export class Testing {
  readonly #options: TestingOptions

  constructor(options: TestingOptions) {
    this.#options = options
  }

  /** Runs the draft on a stored event, or on a message of one's own, which is kept as a test event. */
  async test(
    workflow: Workflow,
    {
      eventId,
      message,
      simulate,
    }: {
      readonly eventId?: string | undefined
      readonly message?: Json | undefined
      readonly simulate: boolean
    },
  ): Promise<Run> {
    const { storage, queue, clock } = this.#options
    const graph = JSON.stringify({ ...(JSON.parse(workflow.draft) as DraftGraph), simulate })
    const id = clock.newId('run')
    const createdAt = clock.now()
    const run = {
      id,
      workflowId: workflow.id,
      kind: 'test',
      version: null,
      createdAt,
      state: 'accepted',
      graph,
    } as const
    if (eventId !== undefined) {
      const known = readId('evt', eventId)
      const event = known && (await storage.events.get(known))
      if (event?.workflowId !== workflow.id) throw new NotFound('This workflow has no such event.')
      await storage.runs.create({ ...run, eventId: event.id })
    } else {
      const testId = clock.newId('evt')
      const told = {
        method: 'POST',
        path: '',
        rawHeaders: ['content-type', 'application/json'],
        ip: '127.0.0.1',
      }
      const open = {
        type: null,
        verified: false,
        dedupeKey: null,
        answer: null,
        acceptedFrom: null,
        isRetry: false,
        dedupeWindowMs: 0,
      }
      const body = Buffer.from(JSON.stringify(message ?? null))
      await storage.events.accept(
        { id: testId, workflowId: workflow.id, kind: 'test', receivedAt: createdAt, ...told, ...open, body },
        { ...run, eventId: testId },
      )
    }
    const created = await storage.runs.get(id)
    if (created === undefined) throw new NotFound('The run is gone.')
    const { workflowId, kind, state } = created
    signal('run.changed', {
      workflowId,
      runId: id,
      eventId: created.eventId,
      kind,
      state,
      code: null,
      durationMs: null,
    })
    enqueue(queue, workflow.id, [id])
    return created
  }

  /** Evaluates pure nodes as far as they are reached without sending anything. */
  async preview({
    graph,
    nodeId,
    message,
    eventId,
  }: {
    readonly graph: Graph
    readonly nodeId?: string | undefined
    readonly message?: Json | undefined
    readonly eventId?: string | undefined
  }): Promise<api.Preview> {
    const { published, types, tools, clock } = this.#options
    const problems = shapeProblems(graph, types)
    if (problems.length > 0)
      throw new Unfit(`This graph cannot be previewed: ${closed(problems[0]?.message ?? '')}`, problems)
    const compiled = published.compile(JSON.stringify(graph))
    const event = await this.#sampleEvent(message ?? null, eventId)
    const wanted = nodeId === undefined ? undefined : compiled.byId.get(nodeId)
    const hand = new Hand({
      run: previewRun(clock),
      graph: compiled,
      event: event.view,
      workflow: { id: 'preview', name: 'Preview' },
      outputBytesMax: limits.outputBytesMax,
      isSimulated: true,
      message: event.message,
      steps: [],
    })
    const never = new AbortController().signal
    for (;;) {
      const next = plan(compiled, hand.journal, Number.POSITIVE_INFINITY)
      const ready = next.kind === 'ready' ? next.nodes : []
      const fresh = ready.filter(
        ({ node, type }) =>
          type.pure && (wanted === undefined || node.id === nodeId || wanted.ancestors.has(node.id)),
      )
      if (fresh.length === 0) break
      for (const step of await Promise.all(fresh.map((each) => executeStep(hand, each, tools, never)))) {
        // A delay passes at once: what comes after it is what the person wants to see.
        hand.journal.set(step.id, step.state === 'waiting' ? { ...step, state: 'succeeded' } : step)
      }
    }
    return {
      steps: compiled.nodes.map((each) => {
        const step = hand.journal.get(each.node.id)
        if (step === undefined || step.state === 'waiting') {
          return { nodeId: each.node.id, state: 'skipped', port: null, error: null, logs: [] }
        }
        const { state, port, error, logs } = step
        const output = hand.outputOf(each.node.id).value
        return {
          nodeId: each.node.id,
          state,
          port,
          input: hand.inputOf(each).value,
          output,
          error,
          logs: [...logs],
        }
      }),
    }
  }

  /** Sends the provider's sample, signed as the provider would, to the workflow's own URL. */
  async sendSample(workflow: Workflow): Promise<api.SampleSent> {
    const { published, secrets, publicUrl, knock, clock } = this.#options
    const isPublished = workflow.version !== null
    const hook = isPublished ? await published.hookOf(workflow) : await published.draftHook(workflow.token)
    const verification = hook?.settings?.verification
    const provider = verification && providers.get(verification.scheme)
    const sample = provider && (await freshSample(provider, `sample_${randomBytes(12).toString('hex')}`))
    if (verification === undefined || sample === undefined) {
      throw new Conflict('The webhook node cannot be used yet: mend its settings first.')
    }
    const [first] = [verification.secret, ...(verification.secrets ?? [])].filter(
      (text) => text !== undefined,
    )
    const secret = isSecretReference(first) ? await secrets.reveal(first.$secret) : first
    // The door chooses by the same rule: a secret may show by its beginning which scheme it is for.
    const scheme = schemesOf(verification).find(
      ({ secretPrefix = '' }) => secret?.startsWith(secretPrefix) ?? true,
    )
    if (scheme === undefined || (secret === undefined && scheme.kind !== 'none'))
      throw new Conflict('There is no secret to sign a sample with. Set one.')
    const place = `/${isPublished ? 'hooks' : 'hooks-test'}/${workflow.token}`
    const { method, headers, body } = sample
    const id = `sample_${randomBytes(12).toString('hex')}`
    const unsigned = { method, url: `${publicUrl()}${place}`, path: '', headers, body, id }
    const signed = await sign(scheme, secret ?? '', unsigned, clock.now())
    if (!signed.ok) throw new Conflict(signed.detail)
    const query = new URLSearchParams(signed.query).toString()
    const answer = await knock({
      method,
      path: query === '' ? place : `${place}?${query}`,
      headers: { ...headers, ...signed.headers },
      body: signed.body,
    })
    return { status: answer.status, eventId: /"(evt_[0-9a-z]{26})"/.exec(answer.body)?.[1] ?? null }
  }

  async #sampleEvent(message: Json, eventId: string | undefined) {
    const { storage, load, clock } = this.#options
    if (eventId === undefined) {
      const view: EventView = {
        id: 'evt_sample',
        method: 'POST',
        path: '',
        query: {},
        headers: { 'content-type': 'application/json' },
        body: message,
        rawBody: JSON.stringify(message),
        files: [],
        receivedAt: new Date(clock.now()).toISOString(),
        ip: '127.0.0.1',
        type: null,
        version: null,
        params: {},
        verified: false,
      }
      return { view, message: Message.fromValue(message) }
    }
    const known = readId('evt', eventId)
    const [run] = known === undefined ? [] : (await storage.runs.list({ eventId: known }, { limit: 1 })).items
    const hand = run && (await load(run))
    if (hand === undefined) throw new NotFound('There is no such event.')
    return { view: hand.event, message: hand.message }
  }
}

const previewRun = (clock: Clock): Run =>
  unclaimed({
    id: clock.newId('run'),
    eventId: clock.newId('evt'),
    workflowId: clock.newId('wf'),
    kind: 'test',
    version: null,
    state: 'accepted',
    createdAt: clock.now(),
  })
