import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { onSignal } from '../engine/signals.ts'
import type { Counts } from '../queue/queue.ts'

/** Seconds; from a fast acknowledgement to the longest attempt. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** Counts what the signals tell, in Prometheus' text form. */
export function openMetrics(queueCounts: () => Promise<Counts>) {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const labelNames = ['workflow'] as const
  const events = new Counter({
    name: 'hookloom_events_total',
    help: 'Accepted requests.',
    labelNames: ['workflow', 'duplicate'],
    registers,
  })
  const rejections = new Counter({
    name: 'hookloom_rejections_total',
    help: 'Refused requests.',
    labelNames: ['workflow', 'reason'],
    registers,
  })
  const runs = new Counter({
    name: 'hookloom_runs_total',
    help: 'Runs that ended, by how.',
    labelNames: ['workflow', 'state'],
    registers,
  })
  const runSeconds = new Histogram({
    name: 'hookloom_run_seconds',
    help: 'From the request to the end of its run.',
    labelNames,
    buckets,
    registers,
  })
  const attempts = new Counter({
    name: 'hookloom_attempts_total',
    help: 'Outbound attempts, by status or error.',
    labelNames: ['workflow', 'result'],
    registers,
  })
  const attemptSeconds = new Histogram({
    name: 'hookloom_attempt_seconds',
    help: 'Duration of outbound attempts.',
    labelNames,
    buckets,
    registers,
  })
  const _jobs = new Gauge({
    name: 'hookloom_queue_jobs',
    help: 'Jobs in the queue, by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await queueCounts())) this.set({ state }, count)
    },
  })
  const stops = [
    onSignal('event.accepted', ({ workflowId, duplicate }) =>
      events.inc({ workflow: workflowId, duplicate: String(duplicate) }),
    ),
    onSignal('event.rejected', ({ workflowId, reason }) =>
      rejections.inc({ workflow: workflowId ?? 'unknown', reason }),
    ),
    onSignal('run.changed', ({ workflowId, state, durationMs }) => {
      if (durationMs === null) return
      runs.inc({ workflow: workflowId, state })
      runSeconds.observe({ workflow: workflowId }, durationMs / 1_000)
    }),
    onSignal('attempt.made', ({ workflowId, status, code, durationMs }) => {
      attempts.inc({ workflow: workflowId, result: status === null ? (code ?? 'error') : String(status) })
      attemptSeconds.observe({ workflow: workflowId }, durationMs / 1_000)
    }),
  ]
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    close() {
      for (const stop of stops) stop()
    },
  }
}
