/** How much room a node takes where it is drawn: who draws it and who places it count on the same. On a grid of 8. */
export const cardWidth = 208
/** Icon, label and two lines of the sentence. */
export const headHeight = 72
export const portHeight = 24
const footHeight = 8
/** From a card to the next one that is added after it. */
export const stepX = 320

/** One port needs no line of its own. */
export const cardHeight = (ports: number): number =>
  ports > 1 ? headHeight + ports * portHeight + footHeight : headHeight
