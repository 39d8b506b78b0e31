interface Telling {
  /** What undoes it, or mends it. */
  readonly action?: { readonly label: string; readonly onClick: () => void }
}

/** Says in a corner what happened elsewhere. What draws it is loaded when there is something to say. */
export async function tell(text: string, telling: Telling = {}): Promise<void> {
  const { toast } = await import('sonner')
  toast(text, telling)
}
