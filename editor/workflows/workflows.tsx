export const Workflows = () => <p className="p-6">Workflows</p>
