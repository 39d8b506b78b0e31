import { Conflict, NotFound, Unavailable } from './storage.ts'

/** The file cannot be used as a store. `message` is one line that says what was found and what to do; nothing was changed. */
export class StorageDamaged extends Error {
  override readonly name = 'StorageDamaged'
}

/** An error on its way from one thread to another, where its class would be lost. */
export interface Fault {
  readonly name: string
  readonly message: string
}

export const faultOf = (error: unknown): Fault =>
  error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) }

const classes = [Conflict, NotFound, Unavailable, StorageDamaged]
const byName = new Map(classes.map((known) => [known.name, known]))

/** The error as it was thrown: what the port promises in its own class, anything else (a bug) as an `Error`. */
export const errorOf = ({ name, message }: Fault): Error => new (byName.get(name) ?? Error)(message)
