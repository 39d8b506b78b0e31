import type { Models } from './mongo-models.ts'
import { op } from './mongo-query.ts'

/** What is larger lies beside its document, so that a change of the document does not write it again. */
const besideBytes = 256 * 1_024
/** A document holds 16 MB. */
const chunkBytes = 8 * 1_024 * 1_024

export const isLarge = (bytes: Uint8Array): boolean => bytes.byteLength > besideBytes

/** The driver takes only Buffers for bytes; the same memory. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export interface Chunks {
  /** Stores bytes under a name; how many chunks they became. What a write that never happened left is written over. */
  put(name: string, bytes: Uint8Array): Promise<number>
  /** `undefined` when they are gone. */
  get(name: string, count: number): Promise<Buffer | undefined>
  remove(parts: readonly { readonly name: string; readonly count: number }[]): Promise<void>
}

export function openChunks({ chunks }: Models): Chunks {
  const idsOf = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}:${n}`)
  return {
    async put(name, bytes) {
      const ids = idsOf(name, Math.ceil(bytes.byteLength / chunkBytes))
      for (const [n, _id] of ids.entries()) {
        const part = bufferOf(bytes.subarray(n * chunkBytes, (n + 1) * chunkBytes))
        await chunks.updateOne({ _id }, { $set: { bytes: part } }, { upsert: true })
      }
      return ids.length
    },
    async get(name, count) {
      const parts: Buffer[] = []
      for (const _id of idsOf(name, count)) {
        const row = await chunks.findOne({ _id }).lean<{ readonly bytes: Buffer }>()
        if (row === null) return undefined
        parts.push(row.bytes)
      }
      return Buffer.concat(parts)
    },
    async remove(parts) {
      const ids = parts.flatMap(({ name, count }) => idsOf(name, count))
      if (ids.length > 0) await chunks.deleteMany({ _id: op({ $in: ids }) })
    },
  }
}
