export const Rejections = () => <p className="p-6">Rejections</p>
