/** Publishing, and the ways to ask for it: the button, the keys, the palette. */
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react'
import { AccentKeys } from '../parts/accent-keys.tsx'
import { Button } from '../parts/button.tsx'
import { Popover } from '../parts/popover.tsx'
import { useEditing } from './editing.tsx'

const PublishForm = lazy(async () => ({ default: (await import('./publish-form.tsx')).PublishForm }))

/** Asks for the popover from elsewhere: the keys of the canvas, the command palette. */
export const publishEvent = 'hookloom:publish'

export function Publish() {
  const [isOpen, setOpen] = useState(false)
  const { saver } = useEditing()
  const open = useEffectEvent(() => {
    setOpen(true)
    // Its problems are those of the draft as it is now.
    void saver.flush()
  })
  useEffect(() => {
    const onPublish = () => open()
    addEventListener(publishEvent, onPublish)
    return () => removeEventListener(publishEvent, onPublish)
  }, [])
  return (
    <Popover
      open={isOpen}
      onOpenChange={(next) => {
        if (next) void saver.flush()
        setOpen(next)
      }}
      label="Publish"
      align="end"
      className="w-[28rem]"
      trigger={
        <Button look="primary">
          Publish
          <span className="max-[1100px]:hidden">
            <AccentKeys keys="mod+enter" />
          </span>
        </Button>
      }
    >
      <Suspense fallback={<div aria-busy className="h-60" />}>
        <PublishForm onClose={() => setOpen(false)} />
      </Suspense>
    </Popover>
  )
}
