export const RunPage = () => <p className="p-6">RunPage</p>
