/**
 * Where the store's thread begins. The compile cache is turned on first, as in `main.ts`, and for that this is plain
 * JavaScript: a thread of its own would otherwise load Node's type stripper, which takes 17 MB and 70 ms.
 */
import { enableCompileCache } from 'node:module'

enableCompileCache()
await import('./sqlite-thread.ts')
