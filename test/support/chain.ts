type Config = Readonly<Record<string, unknown>>

/** A webhook node and what follows it, each by the first port of the one before; a node's id is its type. */
export const chain = (webhook: Config, ...rest: readonly (readonly [type: string, config: Config])[]) => {
  const nodes = [['webhook', webhook] as const, ...rest]
  return {
    nodes: nodes.map(([type, config]) => ({ id: type, type, data: { config } })),
    edges: rest.map(([type], at) => ({ id: `to-${type}`, source: nodes[at]?.[0] ?? '', target: type })),
  }
}
