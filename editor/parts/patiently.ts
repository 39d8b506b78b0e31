const retryMs = 1_000
const triesMax = 30

/** Loads a part of the page. Offline it comes when the network is back, and what is there stays meanwhile. */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await load()
    } catch (error) {
      if (tries >= triesMax && navigator.onLine) throw error
      await new Promise((resolve) => setTimeout(resolve, retryMs))
    }
  }
}
