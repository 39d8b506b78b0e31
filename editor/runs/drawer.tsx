/** Under the canvas: the sample in use, and what happened lately. */
export const Drawer = () => <footer />
