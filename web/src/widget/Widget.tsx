/** The launcher in the corner of a page, and the panel it opens. */

import { useCallback, useEffect, useRef, useState } from "react";

import { tab } from "../api/storage";
import { useStore } from "../chat/store";
import { Icon } from "../ui/Icon";
import { useMedia } from "../ui/online";
import type { Chat } from "./chat";
import { Panel } from "./Panel";

interface Props {
  chat: Chat;
  /** The business's name. */
  title: string;
  /** Questions offered until the first one is asked. */
  suggestions: readonly string[];
  open: boolean;
  setOpen: (open: boolean) => void;
}

export function Widget({ chat, title, suggestions, open, setOpen }: Props) {
  const { unread } = useStore(chat.store);
  const launcher = useRef<HTMLButtonElement>(null);
  const wide = useMedia("(min-width: 40rem)");
  useShown(chat, open);

  const close = useCallback(() => {
    setOpen(false);
    // The launcher exists again only after this render.
    requestAnimationFrame(() => launcher.current?.focus());
  }, [setOpen]);

  return (
    <>
      {open && <Panel chat={chat} title={title} suggestions={suggestions} modal={!wide} close={close} />}
      {(!open || wide) && (
        <button
          ref={launcher}
          type="button"
          aria-expanded={open}
          aria-label={open ? "Close the chat" : unread > 0 ? `Open the chat, ${unread} new` : "Open the chat"}
          onClick={() => (open ? close() : setOpen(true))}
          className="fixed end-5 bottom-5 z-40 grid size-15 place-items-center rounded-full bg-accent text-on-accent shadow-panel transition-transform hover:scale-105 hover:bg-accent-strong active:scale-95"
        >
          <Icon name={open ? "close" : "chat"} className="size-7" />
          {unread > 0 && !open && (
            <span className="absolute -end-0.5 -top-0.5 grid h-5.5 min-w-5.5 place-items-center rounded-full border-2 border-paper bg-danger px-1 text-xs font-bold text-surface tabular-nums">
              {unread}
            </span>
          )}
        </button>
      )}
    </>
  );
}

const OPEN_KEY = "frontdesk:open";

/** Whether the panel is open; a reload of the tab finds it as it was. */
export function useOpen(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(() => tab.get(OPEN_KEY) === "yes");
  const change = useCallback((next: boolean) => {
    tab.set(OPEN_KEY, next ? "yes" : "no");
    setOpen(next);
  }, []);
  return [open, change];
}

/** Reports to the chat whether it is visible. */
function useShown(chat: Chat, open: boolean): void {
  useEffect(() => {
    const tell = () => chat.show(open && document.visibilityState === "visible");
    tell();
    if (open && chat.store.get().phase === "idle") chat.start();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [chat, open]);
}
