/**
 * Runs inside an isolate as source text (`String(hardenRealm)`), so it uses nothing from outside itself.
 *
 * Makes a realm in which no evaluation can leave anything behind: all that is reachable from the global object is frozen.
 * JSONata cannot reach these objects; if a hole in it ever lets an expression do so, the next evaluation is still safe.
 */
export function hardenRealm(): void {
  const global = globalThis as unknown as Record<string, unknown>
  // Finer clocks, other threads, code that runs later than its evaluation: no expression needs them.
  for (const name of [
    'WebAssembly',
    'SharedArrayBuffer',
    'Atomics',
    'FinalizationRegistry',
    'WeakRef',
    'console',
  ]) {
    delete global[name]
  }

  const prototype = Object.prototype as unknown as Record<string, unknown>
  // Without the accessor, a payload's `__proto__` that is assigned to an object is a key like any other.
  for (const name of Reflect.ownKeys(prototype)) {
    if (typeof name === 'string' && name.startsWith('__')) delete prototype[name]
  }
  // `x.constructor = …` fails on objects that inherit a frozen `constructor`. As accessors, they let payload keys through.
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const value = prototype[name]
    Object.defineProperty(prototype, name, {
      get: () => value,
      set(this: object, own: unknown) {
        Object.defineProperty(this, name, {
          value: own,
          writable: true,
          enumerable: true,
          configurable: true,
        })
      },
    })
  }
  // `RegExp.$1` and its like remember the text that was matched last.
  const regExp = RegExp as unknown as Record<PropertyKey, unknown>
  for (const name of Reflect.ownKeys(regExp)) {
    if (!['length', 'name', 'prototype', 'escape', Symbol.species].includes(name)) delete regExp[name]
  }

  const seen = new Set<unknown>()
  const freeze = (value: unknown): void => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      return
    seen.add(value)
    freeze(Object.getPrototypeOf(value))
    for (const name of Reflect.ownKeys(value)) {
      const property = Reflect.getOwnPropertyDescriptor(value, name)
      freeze(property?.value)
      freeze(property?.get)
      freeze(property?.set)
    }
    Object.freeze(value)
  }
  // What is not reachable by name: the prototypes of functions and iterators that only syntax makes.
  freeze([async () => undefined, function* () {}, async function* () {}, ''.matchAll(/x/g)])
  freeze([[].values(), new Map().values(), new Set().values(), ''[Symbol.iterator]()])
  freeze(globalThis)
}
