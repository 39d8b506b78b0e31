import type { NodeContext } from './context.ts'
import type { ConfigOf, Fields, Saved } from './field.ts'
import type { Json } from './json.ts'
import type { RetryPolicy } from './retry.ts'

/** Port id → label, in order. Edges are saved with the id; one without `sourceHandle` leaves the first port. */
export type Ports = Readonly<Record<string, string>>

/** The message leaves by a port. `data` that is the very input is stored as a reference to it. */
export interface Emission<P extends string = string> {
  readonly port: P
  readonly data: Json
}

/** The same, at a later time: nothing is held meanwhile, and a restart loses nothing. */
export interface Pause<P extends string = string> extends Emission<P> {
  readonly resumeAt: Date
}

export type Outcome<P extends string = string> = Emission<P> | Pause<P>

export interface Example<F extends Fields = Fields, P extends Ports = Ports> {
  readonly title: string
  readonly config: Partial<ConfigOf<F>>
  readonly input: Json
  /** What the target answers, for nodes that call one. */
  readonly answers?: readonly { readonly status: number; readonly body: string }[]
  readonly output: Emission<keyof P & string>
}

interface Told<F extends Fields, P extends Ports> {
  readonly id: string
  readonly title: string
  /** One sentence: what it does. */
  readonly summary: string
  /** A lucide icon's name. */
  readonly icon: string
  readonly group: 'trigger' | 'logic' | 'shape' | 'send'
  readonly fields: F
  /** Fields that matter only for some settings. */
  readonly shows?: { readonly [K in keyof F]?: (config: Partial<ConfigOf<F>>) => boolean }
  /** The card's sentence, word by word; a setting stands for its value. */
  readonly sentence: (config: Partial<ConfigOf<F>>) => readonly string[]
  readonly outputs: P | ((config: Partial<ConfigOf<F>>) => P)
  /** The port that a failure takes when an edge leaves it; without one, or unconnected, the run fails. */
  readonly failurePort?: keyof P & string
  /** `acts`: having run it, a run is never `filtered`. `decides`: an unconnected port of it ends a branch as filtered. */
  readonly role: 'starts' | 'decides' | 'shapes' | 'acts' | 'waits'
  /** Sends nothing and answers nobody, so that a preview may run it. */
  readonly pure: boolean
  /** When a `RetryableFailure` is tried again. */
  readonly retry?: (config: ConfigOf<F>) => RetryPolicy
  /** Problems that no single field can see. */
  readonly check?: (
    config: Partial<ConfigOf<F>>,
  ) => readonly { readonly path: string; readonly message: string }[]
  /** Shown in the editor and run as tests. */
  readonly examples: readonly Example<F, P>[]
  /** Step n turns a config of version n into version n + 1. */
  readonly migrations?: readonly ((old: Saved) => Saved)[]
}

/** One declaration: the editor draws it, the server runs it, the documents print it, the suite tests it. */
export interface NodeType<F extends Fields = Fields, P extends Ports = Ports> extends Told<F, P> {
  run(
    config: ConfigOf<F>,
    context: NodeContext,
  ): Outcome<keyof P & string> | Promise<Outcome<keyof P & string>>
}

/** A node type whose fields and ports are not known: what a registry holds and the engine works with. */
// oxlint-disable-next-line typescript/no-explicit-any -- the only place where the type of a config is given up
export type AnyNodeType = NodeType<any, any>

/** Every node type by its id. */
export type NodeTypes = Readonly<Record<string, AnyNodeType>>

export const defineNode = <const F extends Fields, const P extends Ports>(
  type: NodeType<F, P>,
): NodeType<F, P> => type

/** The ports of a node with these settings; an unfinished config has the ports that can be told from it. */
export const portsOf = (type: AnyNodeType, config: Saved): Ports =>
  typeof type.outputs === 'function' ? (type.outputs(config) as Ports) : (type.outputs as Ports)

export const versionOf = (type: AnyNodeType): number => (type.migrations?.length ?? 0) + 1
