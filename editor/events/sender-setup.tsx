import { providers } from '../../nodes/providers/index.ts'

/** How the sender of a workflow is set up, step by step; nothing for one that is not known. */
export function SenderSetup({ scheme }: { readonly scheme: string }) {
  const provider = providers.get(scheme)
  if (provider === undefined || provider.setup.length === 0) return null
  return (
    <details className="group w-full max-w-prose text-sm">
      <summary className="text-text-2 hover:text-text-1">How {provider.title} is set up</summary>
      <ol className="mt-2 list-decimal space-y-1 pl-5 text-text-2">
        {provider.setup.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  )
}
