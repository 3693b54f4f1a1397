/** Keyboard shortcuts: each presses the button that names it in `aria-keyshortcuts`, so a shortcut does what its button does. */

import { useEffect } from "react";

import { local } from "../api/storage";
import { Store } from "../chat/store";

export interface Shortcut {
  key: string;
  does: string;
}

export const SHORTCUTS: readonly { title: string; shortcuts: readonly Shortcut[] }[] = [
  {
    title: "Lists",
    shortcuts: [
      { key: "j", does: "Open the next conversation" },
      { key: "k", does: "Open the previous conversation" },
      { key: "i", does: "Show the inbox" },
      { key: "/", does: "Search all conversations" },
    ],
  },
  {
    title: "Conversation",
    shortcuts: [
      { key: "a", does: "Accept, or take over" },
      { key: "d", does: "Decline" },
      { key: "r", does: "Write a reply" },
      { key: "n", does: "Write a note" },
      { key: "t", does: "Transfer" },
      { key: "b", does: "Return to the assistant" },
      { key: "e", does: "Resolve" },
      { key: "z", does: "Undo" },
      { key: "o", does: "Show or hide the customer" },
    ],
  },
  {
    title: "While you write",
    shortcuts: [
      { key: "Escape", does: "Leave the text field; your text stays" },
      { key: "/", does: "Insert a canned reply, at the beginning of a reply" },
    ],
  },
];

const KEY = "frontdesk:agent:shortcuts";

/** Whether single keys are shortcuts: speech input and some keyboards press keys by mistake. */
export const shortcutsOn = new Store<{ on: boolean }>({ on: local.get(KEY) !== "off" });

export function setShortcuts(on: boolean): void {
  local.set(KEY, on ? "on" : "off");
  shortcutsOn.set({ on });
}

/** The conversation before or after the open one in a list of `count`; undefined at its end. */
export function neighbour(open: number, count: number, step: 1 | -1): number | undefined {
  const next = open < 0 ? (step === 1 ? 0 : count - 1) : open + step;
  return next >= 0 && next < count ? next : undefined;
}

/** Listens for shortcuts on the whole page. `help`: shows them. */
export function useShortcuts(help: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("[role=dialog]")) return;
      if (isTyping(event.target)) {
        if (event.key === "Escape" && event.target instanceof HTMLTextAreaElement) event.target.blur();
        return;
      }
      if (event.key === "?") help();
      else if (!shortcutsOn.get().on || event.repeat || !press(event.key.toLowerCase())) return;
      event.preventDefault();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [help]);
}

/** The field that a key leads to. */
const FIELDS: Partial<Record<string, string>> = { r: "[data-answering] textarea", n: "[data-answering] textarea", "/": "main input[type=search]" };

/** Does what a key stands for; whether there was something to do. */
function press(key: string): boolean {
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  const button = document.querySelector<HTMLButtonElement>(`button[aria-keyshortcuts="${CSS.escape(key)}"]:not(:disabled)`);
  if (!button || button.offsetParent === null) return false;
  button.click();
  const field = FIELDS[key];
  if (field) requestAnimationFrame(() => document.querySelector<HTMLElement>(field)?.focus());
  return true;
}

function move(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLButtonElement>("main nav li button[aria-current]")].filter((row) => row.offsetParent !== null);
  const next = neighbour(rows.findIndex((row) => row.getAttribute("aria-current") === "true"), rows.length, step);
  const row = next === undefined ? undefined : rows[next];
  row?.focus();
  row?.click();
  return row !== undefined;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
