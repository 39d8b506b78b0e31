import { Keys } from './keys.tsx'

/** Keys on a button in the accent colour. */
export const AccentKeys = ({ keys }: { readonly keys: string }) => (
  <span className="flex [&_kbd]:border-on-accent/40 [&_kbd]:bg-transparent [&_kbd]:text-on-accent">
    <Keys keys={keys} />
  </span>
)
