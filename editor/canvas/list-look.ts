/** How lists to choose from look: the same on the canvas, in the palette and in the search. */
export const searchLook =
  'h-11 w-full border-b bg-transparent px-3.5 text-base text-text-1 outline-none focus-visible:outline-none'
export const listLook = 'max-h-80 scroll-py-2 overflow-y-auto p-1.5'
export const groupHeading = 'block px-2 pt-2 pb-1 text-xs font-medium text-text-3'
export const itemLook =
  'flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 text-sm text-text-1 data-[disabled=true]:cursor-default data-[disabled=true]:opacity-50 data-[selected=true]:bg-surface-2'
