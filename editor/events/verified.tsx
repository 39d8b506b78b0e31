import { ShieldCheck, ShieldOff } from 'lucide-react'

export const Verified = ({ isVerified }: { readonly isVerified: boolean }) =>
  isVerified ? (
    <span className="flex items-center gap-1.5 text-ok">
      <ShieldCheck className="size-4" aria-hidden />
      Yes
    </span>
  ) : (
    <span className="flex items-center gap-1.5 text-text-3">
      <ShieldOff className="size-4" aria-hidden />
      No
    </span>
  )
