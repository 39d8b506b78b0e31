/**
 * The entry: turns on Node's compile cache, then starts the server. The cache keeps the compiled form of every source in
 * the system's folder for temporary files, which halves a warm start; it only works for what is loaded after this line.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./serve.ts')
