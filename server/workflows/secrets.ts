import type { Rewrite } from '../../nodes/contract/diagnosis.ts'
import { secretNamePattern } from '../../nodes/contract/field.ts'
import { rewritten } from '../inbound/doctor/keys.ts'
import { Conflict, NotFound, type SecretStore } from '../storage/storage.ts'

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
  readonly #new = new Set<string>()

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
  }

  /** Stores a text under a name that nobody uses yet; of several at the same time, the first. */
  async putNew(name: string, text: string): Promise<void> {
    if (this.#new.has(name) || (await this.reveal(name)) !== undefined) return
    this.#new.add(name)
    try {
      await this.put(name, text)
    } finally {
      this.#new.delete(name)
    }
  }

  /** Writes the text otherwise. Throws `NotFound`, and `Conflict` when there is nothing to change. */
  async rewrite(name: string, how: Rewrite): Promise<void> {
    const text = await this.reveal(name)
    if (text === undefined) throw new NotFound('There is no secret of this name.')
    const written = rewritten(text, how)
    if (written === undefined || written === text) {
      throw new Conflict('The secret is written so already. Nothing was changed.')
    }
    await this.put(name, written)
  }

  async delete(name: string): Promise<boolean> {
    const existed = await this.#options.store.delete(name)
    this.#open.delete(name)
    if (existed) this.#options.onChange()
    return existed
  }

  list(): ReturnType<SecretStore['list']> {
    return this.#options.store.list()
  }
}
