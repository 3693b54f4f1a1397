/** Class names that several controls share. */

/** A box to type in or to choose from. Its text is 16 px on phones: smaller, they would zoom in. */
export const BOX =
  "w-full rounded-lg border border-edge bg-surface px-3 text-base text-ink placeholder:text-muted sm:text-sm min-h-11 sm:min-h-9 " +
  "disabled:bg-sunken disabled:text-muted data-[invalid]:border-danger data-[focused]:border-accent focus-visible:outline-offset-0 aria-[invalid=true]:border-danger";

export const LABEL = "text-sm font-medium text-ink";
export const HELP = "text-xs text-muted";
export const PROBLEM = "text-xs font-medium text-danger";

/** Boxes that open above the page: lists of choices and menus. */
export const POPOVER = "overflow-auto rounded-xl border border-line bg-surface p-1 shadow-panel outline-none data-[entering]:animate-rise";

/** A row in such a list. */
export const CHOICE =
  "flex min-h-11 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm text-ink outline-none sm:min-h-8 " +
  "data-[focused]:bg-sunken data-[disabled]:cursor-default data-[disabled]:opacity-55";
