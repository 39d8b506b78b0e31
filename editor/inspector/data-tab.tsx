/** The input and the output of a node on the sample. */
export const DataTab = ({ nodeId }: { readonly nodeId: string }) => <p className="p-4">{nodeId}</p>
