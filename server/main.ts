/**
 * The entry: starts the server, stops it at a signal, and says in one line why it cannot start.
 *
 * Node's compile cache is turned on first. It keeps the compiled form of every source in the system's folder for temporary
 * files, which halves a warm start, and only works for what is loaded after that line: so the rest is imported late.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache()
const { readConfig } = await import('./config.ts')
const { serve } = await import('./serve.ts')
const { describeUnknown } = await import('../nodes/contract/failure.ts')

async function main(): Promise<void> {
  const server = await serve(readConfig(process.env))
  let stoppingSince: number | undefined
  const stop = () => {
    // A terminal and npm both pass Ctrl-C on: only a second one by hand means "at once".
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > 1_000) process.exit(1)
      return
    }
    stoppingSince = performance.now()
    server.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`Hookloom did not stop cleanly: ${describeUnknown(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  // Started by a process that brings Node: when that one is gone, however it went, this one has nobody to stop it.
  process.on('disconnect', stop)
}

/** One line for the person who started it. A mistake of our own shows where it is, when it is asked for. */
function fail(error: unknown): never {
  process.stderr.write(`Hookloom cannot start: ${explain(error)}\n`)
  if (process.env['HOOKLOOM_LOG_LEVEL'] === 'trace' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`)
  process.exit(1)
}

function explain(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const port = process.env['PORT'] ?? '3000'
  if (code === 'EADDRINUSE')
    return `port ${port} is in use. Stop the other server, or set PORT to another number.`
  if (code === 'EACCES' && error instanceof Error && error.message.includes('listen')) {
    return `port ${port} may not be opened by this user. Set PORT to a number above 1023.`
  }
  return describeUnknown(error).split('\n')[0] ?? 'for an unknown reason.'
}

main().catch(fail)
