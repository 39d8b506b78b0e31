import { type RefCallback, useCallback, useState } from 'react'

/** Whether the element has been in view: what is costly to know is asked for from then on. */
export function useSeen(): readonly [ref: RefCallback<Element>, seen: boolean] {
  const [seen, setSeen] = useState(false)
  const ref = useCallback((element: Element | null) => {
    if (element === null) return undefined
    const observer = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting !== true) return
      setSeen(true)
      observer.disconnect()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [ref, seen]
}
