import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'

/** What `vite build editor` wrote. */
const built = fileURLToPath(new URL('../../editor/dist/', import.meta.url))

/**
 * The built editor: its files, and its one page at every address that a browser goes to. `undefined` while it is not built.
 * Files under `assets/` bear a hash of their content in their names, so a browser may keep them for good.
 */
export function editorPages(): RequestHandler | undefined {
  if (!existsSync(`${built}index.html`)) return undefined
  const router = Router()
  const forGood = (response: Response) =>
    response.setHeader('cache-control', 'public, max-age=31536000, immutable')
  router.use('/assets', express.static(`${built}assets`, { index: false, setHeaders: forGood }))
  router.use(express.static(built, { index: false, cacheControl: false, dotfiles: 'ignore' }))
  // No route of Express's, which would answer OPTIONS by itself.
  router.use((request, response, next) => {
    const { method, path } = request
    const isPage = path === '/' || (pagePath.test(path) && !apiPath.test(path) && wantsPage(request))
    if (isPage && (method === 'GET' || method === 'HEAD'))
      response.sendFile('index.html', { root: built, cacheControl: false })
    else next()
  })
  return router
}

/** One or two words: what the editor's own router knows more about. */
const pagePath = /^\/[a-z-]+(\/[\w-]+)?\/?$/
const apiPath = /^\/(api|hooks|hooks-test|metrics|healthz|readyz)(\/|$)/

const wantsPage = ({ headers }: Pick<Request, 'headers'>): boolean =>
  headers.accept?.includes('text/html') ?? false
