/** Keys as people mean them. Pure. */

type Key = Pick<KeyboardEvent, "key" | "isComposing" | "keyCode" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey">;

/** The key chooses among an input method's words. Safari reports the one that ends this as 229, and no composition. */
export function isComposing(event: Pick<Key, "isComposing" | "keyCode">): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** The way in a list below or above a text field: 1, -1 or, for a key that isn't meant for the list, 0. */
export function stepOf(event: Key): number {
  if (isComposing(event) || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return 0;
  return { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
}

/** The act of Enter: `send`, also with Ctrl, Alt or Meta; `choose` from a list that is open, on its own only; nothing of ours. */
export function enterOf(event: Key, open: boolean): "send" | "choose" | undefined {
  if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return undefined;
  if (!open) return "send";
  return event.altKey || event.ctrlKey || event.metaKey ? undefined : "choose";
}
