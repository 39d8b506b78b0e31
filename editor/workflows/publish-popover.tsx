/** Publishing, and the ways to ask for it: the button, the keys, the palette. */
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react'
import { AccentKeys } from '../parts/accent-keys.tsx'
import { Button } from '../parts/button.tsx'
import { Popover } from '../parts/popover.tsx'
import { publishAsked, useEditing } from './editing.tsx'

const PublishForm = lazy(async () => ({ default: (await import('./publish-form.tsx')).PublishForm }))

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
    addEventListener(publishAsked, onPublish)
    return () => removeEventListener(publishAsked, onPublish)
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
