import pino, { type Logger } from 'pino'
import { onSignal } from '../engine/signals.ts'

/**
 * One wide line of JSON per unit of work, past tense, to standard output. Never a body, never a secret: signals hold none.
 * The answer stops it.
 */
export function logSignals(logger: Logger): () => void {
  const stops = [
    onSignal('event.accepted', (content) => logger.info(content, 'event.accepted')),
    onSignal('event.rejected', (content) => logger.warn(content, 'event.rejected')),
    onSignal('attempt.made', (content) => logger.info(content, 'attempt.made')),
    onSignal('step.recorded', (content) => logger.debug(content, 'step.recorded')),
    onSignal('run.changed', (content) => {
      if (content.state === 'running') logger.debug(content, 'run.started')
      else if (content.state === 'failed') logger.warn(content, 'run.failed')
      else logger.info(content, `run.${content.state}`)
    }),
    onSignal('server.certified', (content) => logger.info(content, 'server.certified')),
    onSignal('engine.trouble', (content) => logger.error(content, 'engine.trouble')),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** Writes whole lines in blocks of 4 KB while busy, at once when a line is urgent, and all at the end. */
export function openLog(level: string): { readonly logger: Logger; flush(): void } {
  const destination = pino.destination({ fd: 1, sync: false, minLength: 4_096, periodicFlush: 1_000 })
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination)
  return { logger, flush: () => destination.flushSync() }
}
