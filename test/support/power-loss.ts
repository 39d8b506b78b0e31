/**
 * What a disk would hold if the power went at a given moment, from a strace of the process that wrote it: a kill keeps the
 * page cache, so no kill shows what a power cut loses. Writes are durable once a later fsync of the same file returned;
 * of the others each mode keeps something else.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

export const modes = ['keep-all', 'drop-unsynced', 'random-subset', 'torn'] as const
export type Mode = (typeof modes)[number]

/** Something that the traced process did, in the order of time. */
export type Deed =
  | {
      readonly at: number
      readonly kind: 'write'
      readonly path: string
      readonly offset: number
      readonly data: Buffer
    }
  | { readonly at: number; readonly kind: 'truncate'; readonly path: string; readonly length: number }
  | { readonly at: number; readonly kind: 'sync'; readonly path: string }
  | { readonly at: number; readonly kind: 'unlink'; readonly path: string }
  /** Bytes that left by a socket. */
  | { readonly at: number; readonly kind: 'sent'; readonly text: string }

/** Pass these to strace, before `-o PREFIX program …`. */
export const straceArguments = [
  '-ff',
  '-ttt',
  '-xx',
  '-y',
  '-s',
  '10000000',
  '-e',
  'trace=pwrite64,pwritev,write,writev,sendmsg,sendto,fdatasync,fsync,ftruncate,unlink',
]

/** Reads the logs that strace wrote beside `prefix`, of files below `folder` and of sockets. */
export function readTrace(prefix: string, folder: string): readonly Deed[] {
  const directory = join(prefix, '..')
  const names = readdirSync(directory).filter((name) => name.startsWith(`${basename(prefix)}.`))
  const lines = names.flatMap((name) => readFileSync(join(directory, name), 'latin1').split('\n'))
  return lines.flatMap((line) => readDeed(line, folder) ?? []).toSorted((a, b) => a.at - b.at)
}

const unhex = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex')

function readDeed(line: string, folder: string): Deed | undefined {
  const [, time, call, args = '', result] = /^([\d.]+) (\w+)\((.*)\)\s+= (-?\d+)/.exec(line) ?? []
  if (call === undefined || Number(result) < 0) return undefined
  const at = Number(time)
  const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = '']) => unhex(hex))
  if (call === 'unlink') {
    const path = strings[0]?.toString() ?? ''
    return path.startsWith(folder) ? { at, kind: 'unlink', path } : undefined
  }
  const opened = /^\d+<([^>]*)>/.exec(args)?.[1] ?? ''
  const path = opened.startsWith('\\x') ? unhex(opened).toString() : opened
  if (/^(socket|TCP)/.test(path)) return { at, kind: 'sent', text: Buffer.concat(strings).toString('latin1') }
  if (!path.startsWith(folder)) return undefined
  switch (call) {
    case 'pwrite64': {
      const offset = Number(/, (\d+)$/.exec(args)?.[1])
      return { at, kind: 'write', path, offset, data: strings[0] ?? Buffer.alloc(0) }
    }
    case 'fdatasync':
    case 'fsync':
      return { at, kind: 'sync', path }
    case 'ftruncate':
      return { at, kind: 'truncate', path, length: Number(args.split(', ').at(-1)) }
    default:
      return undefined
  }
}

type Change = Extract<Deed, { kind: 'write' | 'truncate' }>

/** The bytes of a file, with room to grow: a log is appended to some thousand times. */
class Image {
  #bytes: Buffer
  #length: number

  constructor(bytes: Buffer = Buffer.alloc(0), length = bytes.length) {
    this.#bytes = bytes
    this.#length = length
  }

  do(deed: Change): void {
    const length =
      deed.kind === 'truncate' ? deed.length : Math.max(this.#length, deed.offset + deed.data.length)
    if (length > this.#bytes.length)
      this.#bytes = Buffer.concat([this.content, Buffer.alloc(2 * length - this.#length)])
    if (length < this.#length) this.#bytes.fill(0, length, this.#length)
    if (deed.kind === 'write') deed.data.copy(this.#bytes, deed.offset)
    this.#length = length
  }

  get content(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  copy(): Image {
    return new Image(Buffer.from(this.#bytes), this.#length)
  }
}

interface File {
  readonly durable: Image
  pending: Change[]
}

/** A disk that deeds are done to, one after the other. */
export class Disk {
  readonly #files = new Map<string, File>()
  readonly #random: () => number

  /** @param seed the same seed loses the same writes */
  constructor(seed: number) {
    let state = seed
    this.#random = () => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fffffff
      return state / 0x7fffffff
    }
  }

  do(deed: Deed): void {
    if (deed.kind === 'sent') return
    if (deed.kind === 'unlink') {
      this.#files.delete(deed.path)
      return
    }
    const file = this.#files.get(deed.path) ?? { durable: new Image(), pending: [] }
    this.#files.set(deed.path, file)
    if (deed.kind === 'sync') {
      for (const change of file.pending) file.durable.do(change)
      file.pending = []
    } else {
      file.pending.push(deed)
    }
  }

  /** What is there after the power went now: file name → content. Shared memory of SQLite is no file on a disk. */
  after(mode: Mode): ReadonlyMap<string, Buffer> {
    const left = [...this.#files].filter(([path]) => !path.endsWith('-shm'))
    return new Map(left.map(([path, file]) => [basename(path), this.#content(file, mode)]))
  }

  #content({ durable, pending }: File, mode: Mode): Buffer {
    if (mode === 'drop-unsynced') return durable.content
    const image = durable.copy()
    for (const change of pending) {
      if (mode === 'keep-all' || this.#random() < 0.5) image.do(mode === 'torn' ? this.#torn(change) : change)
    }
    return image.content
  }

  /** Of a torn write only some whole sectors of its start reached the disk. */
  #torn(change: Change): Change {
    if (change.kind !== 'write' || this.#random() < 0.5) return change
    const sectors = Math.floor((this.#random() * change.data.length) / 512)
    return { ...change, data: change.data.subarray(0, Math.max(1, sectors * 512)) }
  }
}
