export const Runs = () => <p className="p-6">Runs</p>
