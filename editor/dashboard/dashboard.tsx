export const Dashboard = () => <p className="p-6">Dashboard</p>
