export const EventPage = () => <p className="p-6">EventPage</p>
