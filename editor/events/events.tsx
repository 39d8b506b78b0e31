export const Events = () => <p className="p-6">Events</p>
