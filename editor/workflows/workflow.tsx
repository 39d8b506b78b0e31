export const WorkflowPage = () => <p className="p-6">WorkflowPage</p>
