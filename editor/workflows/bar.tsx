/** The one bar over the canvas: what this is, where the draft stands, test and publish. */
export const Bar = () => <header />
