import { createHash, randomBytes } from 'node:crypto'
import type { SettingStore } from '../storage/storage.ts'

/** How long a browser stays signed in. */
export const sessionMs = 30 * 24 * 3_600_000

/**
 * Browser sessions. Only a hash of a session's id is stored, so that who reads the store cannot sign in; ending one is
 * known to every later request.
 */
export class Sessions {
  readonly #settings: SettingStore
  readonly #now: () => number

  constructor({ settings, now }: { readonly settings: SettingStore; readonly now: () => number }) {
    this.#settings = settings
    this.#now = now
  }

  async begin(): Promise<string> {
    const id = randomBytes(32).toString('base64url')
    await this.#settings.put(nameOf(id), String(this.#now() + sessionMs))
    return id
  }

  async isOpen(id: string): Promise<boolean> {
    const until = await this.#settings.get(nameOf(id))
    return until !== undefined && Number(until) > this.#now()
  }

  async end(id: string): Promise<void> {
    await this.#settings.put(nameOf(id), '0')
  }
}

const nameOf = (id: string): string => `session:${createHash('sha256').update(id).digest('hex')}`
