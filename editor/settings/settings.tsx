export const Settings = () => <p className="p-6">Settings</p>
