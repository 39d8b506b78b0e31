import { secretNamePattern } from '../../nodes/contract/field.ts'
import { signal } from '../engine/signals.ts'
import type { SecretStore } from '../storage/storage.ts'

/** Encrypts and decrypts; the name is bound to the text, so that two secrets cannot be swapped in the store. */
export interface Sealer {
  seal(name: string, text: string): Uint8Array
  /** Throws when the key is not the one that sealed it. */
  open(name: string, sealed: Uint8Array): string
}

export interface SecretsOptions {
  readonly store: SecretStore
  readonly sealer: Sealer
  readonly now: () => number
  /** Told when any secret changed: whoever compiled one in must read it again. */
  readonly onChange: () => void
}

/** Named texts that are encrypted at rest, kept open only here, and never given to anyone but the door and the outbound. */
export class Secrets {
  readonly #options: SecretsOptions
  readonly #open = new Map<string, string>()

  constructor(options: SecretsOptions) {
    this.#options = options
  }

  async reveal(name: string): Promise<string | undefined> {
    const known = this.#open.get(name)
    if (known !== undefined) return known
    const sealed = await this.#options.store.get(name)
    if (sealed === undefined) return undefined
    const text = this.#options.sealer.open(name, sealed)
    this.#open.set(name, text)
    return text
  }

  async put(name: string, text: string): Promise<void> {
    if (!secretNamePattern.test(name)) {
      throw new RangeError(
        'A secret’s name has letters, digits, "_" and "-", begins with a letter, and at most 64 of them.',
      )
    }
    const { store, sealer, now, onChange } = this.#options
    await store.put(name, sealer.seal(name, text), now())
    this.#open.set(name, text)
    onChange()
    signal('secret.changed', { name })
  }

  async delete(name: string): Promise<boolean> {
    const existed = await this.#options.store.delete(name)
    this.#open.delete(name)
    if (existed) {
      this.#options.onChange()
      signal('secret.changed', { name })
    }
    return existed
  }

  /** Another process changed one. */
  forget(): void {
    this.#open.clear()
  }

  list(): ReturnType<SecretStore['list']> {
    return this.#options.store.list()
  }
}
