import type Database from 'better-sqlite3'
import type { Failure } from '../../nodes/contract/failure.ts'
import type { RunId } from '../../nodes/contract/ids.ts'
import type { LogLine } from '../runtime/runtime.ts'
import type { StoredAttempt, StoredStep } from './storage.ts'

interface StepRow {
  readonly id: string
  readonly node_id: string
  readonly state: number
  readonly port: string | null
  readonly started_at: number
  readonly ended_at: number
  readonly resume_at: number | null
  readonly output_kind: number
  readonly error: string | null
  readonly logs: string | null
  readonly output: string | null
}

/** Stored as numbers; a number never changes its meaning. */
const stateCodes = { succeeded: 0, failed: 1, waiting: 2 } as const satisfies Record<
  StoredStep['state'],
  number
>
const states = ['succeeded', 'failed', 'waiting'] as const satisfies readonly StoredStep['state'][]
const outputKinds = { none: 0, value: 1, same: 2 } as const

/** The steps and attempts of runs. It writes inside a commit that its caller has opened. */
export interface Journal {
  /** Replaces the step, adds the attempts to those that are there. */
  write(run: RunId, step: StoredStep): void
  /** In the order in which they were first recorded; attempts too. */
  read(run: RunId): readonly StoredStep[]
  /** The attempts stay: they were made, whatever becomes of the step. */
  removeFailed(run: RunId): void
  remove(run: RunId): void
}

export function openJournal(db: Database.Database): Journal {
  const put = db.prepare(`INSERT INTO steps
    (run_id, id, node_id, state, port, started_at, ended_at, resume_at, output_kind, error, logs, output)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (run_id, id) DO UPDATE SET node_id = excluded.node_id, state = excluded.state, port = excluded.port,
      started_at = excluded.started_at, ended_at = excluded.ended_at, resume_at = excluded.resume_at,
      output_kind = excluded.output_kind, error = excluded.error, logs = excluded.logs, output = excluded.output`)
  const putAttempt = db.prepare<[string, string, string]>(
    'INSERT INTO attempts (run_id, step_id, record) VALUES (?, ?, ?)',
  )
  const steps = db.prepare<[string], StepRow>('SELECT * FROM steps WHERE run_id = ? ORDER BY seq')
  const attempts = db.prepare<[string], { readonly step_id: string; readonly record: string }>(
    'SELECT step_id, record FROM attempts WHERE run_id = ? ORDER BY seq',
  )
  const removeFailed = db.prepare<[string]>(
    `DELETE FROM steps WHERE run_id = ? AND state = ${stateCodes.failed}`,
  )
  const removeSteps = db.prepare<[string]>('DELETE FROM steps WHERE run_id = ?')
  const removeAttempts = db.prepare<[string]>('DELETE FROM attempts WHERE run_id = ?')

  return {
    write(run, step) {
      put.run(
        run,
        step.id,
        step.nodeId,
        stateCodes[step.state],
        step.port,
        step.startedAt,
        step.endedAt,
        step.resumeAt,
        outputKinds[step.output?.kind ?? 'none'],
        step.error === null ? null : JSON.stringify(step.error),
        step.logs.length === 0 ? null : JSON.stringify(step.logs),
        step.output?.kind === 'value' ? step.output.json : null,
      )
      for (const attempt of step.attempts) putAttempt.run(run, step.id, JSON.stringify(attempt))
    },
    read(run) {
      const byStep = Map.groupBy(attempts.all(run), ({ step_id }) => step_id)
      return steps.all(run).map((row) => readStep(row, byStep.get(row.id) ?? []))
    },
    removeFailed(run) {
      removeFailed.run(run)
    },
    remove(run) {
      removeSteps.run(run)
      removeAttempts.run(run)
    },
  }
}

/** About how many bytes a step takes: its output and what its attempts keep. */
export const weightOf = ({ output, attempts }: StoredStep): number =>
  (output?.kind === 'value' ? output.json.length : 0) +
  attempts.reduce((sum, { request, response }) => sum + request.body.length + (response?.body.length ?? 0), 0)

function readStep(row: StepRow, attempts: readonly { readonly record: string }[]): StoredStep {
  const state = states[row.state]
  if (state === undefined)
    throw new Error(`a step has the state ${row.state}, which this program does not know`)
  return {
    id: row.id,
    nodeId: row.node_id,
    state,
    port: row.port,
    output: readOutput(row),
    error: row.error === null ? null : (JSON.parse(row.error) as Failure),
    logs: row.logs === null ? [] : (JSON.parse(row.logs) as LogLine[]),
    startedAt: row.started_at,
    endedAt: row.ended_at,
    resumeAt: row.resume_at,
    attempts: attempts.map(({ record }) => JSON.parse(record) as StoredAttempt),
  }
}

function readOutput({ output, output_kind }: StepRow): StoredStep['output'] {
  if (output_kind === outputKinds.same) return { kind: 'same' }
  return output_kind === outputKinds.value && output !== null ? { kind: 'value', json: output } : null
}
