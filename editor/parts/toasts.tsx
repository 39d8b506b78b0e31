import { Toaster } from 'sonner'

export { toast } from 'sonner'

/** Where `tell` is heard. What was told before this was there waits for it. */
export const Toasts = () => (
  <Toaster
    position="bottom-center"
    toastOptions={{
      className: '!rounded-lg !border !border-line !bg-surface-1 !text-text-1 !shadow-float',
    }}
  />
)
