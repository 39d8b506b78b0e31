/** The selected node: its settings, its data, its help. */
export const Inspector = ({ nodeId }: { readonly nodeId: string }) => <aside>{nodeId}</aside>
