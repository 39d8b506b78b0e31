/** Callers at the door at once from which on the door goes first. A provider's usual traffic never comes near. */
const callersMany = 32
/** How long a rush is taken to last after it was seen. */
const rushMs = 50

/**
 * Knows whether there is a rush at the door. Providers give up after a few seconds; a run can wait a little: so in a rush
 * no new run is begun (see `engine/worker.ts`), and what came in is worked on as soon as it is over.
 */
export class Pressure {
  readonly #monotonic: () => number
  #callers = 0
  #until = 0

  /** @param monotonic milliseconds that only grow */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  enter(): void {
    this.#callers += 1
    if (this.#callers > callersMany) this.#until = this.#monotonic() + rushMs
  }

  leave(): void {
    this.#callers -= 1
  }

  isHigh = (): boolean => this.#monotonic() < this.#until
}
