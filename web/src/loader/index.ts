/**
 * `widget.js`: puts the chat on any page. docs/widget.md has the snippet.
 *
 * It draws the launcher and nothing more; the conversation is in a frame of the origin that this script came from, so the page
 * can't read it and its calls need no permission of the page.
 */

import { natives } from "./natives";
import { Widget } from "./widget";

/** The page's interface, `window.Frontdesk`. */
export interface Frontdesk {
  open(): void;
  close(): void;
  toggle(): void;
  /** Opens the chat and sends a question in the customer's name. */
  ask(question: string): void;
  /** Names the customer by a token that the business has signed. */
  identify(token: string): void;
  /** The customer has signed out of the page. */
  logout(): void;
  /** Calls back on an event until the returned function is called. `unread` has the number of unread messages. */
  on(event: EventName, listener: (count: number) => void): () => void;
  /** Runs `["open"]`, `["identify", token]` or a function: the way to call before this script has loaded, which also works later. */
  push(command: Command): void;
}

type EventName = "unread" | "open" | "close";
type Command = readonly [name: string, ...values: unknown[]] | ((chat: Frontdesk) => void);

const CHANNEL = /^organizations\/([a-z0-9][a-z0-9-]{0,62})\/channels\/([a-z0-9][a-z0-9-]{0,62})$/;
const { console: log } = window;

function warn(sentence: string): void {
  log.warn(`Frontdesk: ${sentence}`);
}

function start(script: HTMLScriptElement, early: unknown): void {
  const { channel = "", identity = "", language = "", position } = script.dataset;
  const match = CHANNEL.exec(channel);
  if (!match) return warn('the chat isn\'t shown, because data-channel of its script tag doesn\'t look like "organizations/shop/channels/web".');
  const listeners: { event: string; listener: ((count: number) => void) | undefined }[] = [];
  const emit = (event: EventName, count = 0) => {
    for (let at = 0; at < listeners.length; at += 1) {
      const { event: wanted, listener } = listeners[at]!;
      if (wanted !== event || !listener) continue;
      try {
        listener(count);
      } catch (error) {
        reportError(error); // the page's own mistake
      }
    }
  };
  const native = natives();
  const side = position === "left" || position === "right" ? position : undefined;
  const widget = new Widget(
    native,
    { origin: new URL(script.src).origin, path: `/chat/${match[1]}/${match[2]}`, language, side },
    { unread: (count) => emit("unread", count), open: () => emit("open"), close: () => emit("close"), warn },
  );
  const api: Frontdesk = {
    open: () => widget.open(),
    close: () => widget.close(),
    toggle: () => widget.toggle(),
    ask: (question) => widget.ask(`${question}`),
    identify: (token) => widget.identify(`${token}`),
    logout: () => widget.identify(""),
    on: (event, listener) => {
      const entry: (typeof listeners)[number] = { event, listener };
      listeners[listeners.length] = entry;
      return () => {
        entry.listener = undefined;
      };
    },
    push: (command) => {
      if (typeof command === "function") return command(api);
      const method = api[command[0] as keyof Frontdesk] as ((...values: unknown[]) => void) | undefined;
      if (method) method(command[1], command[2]);
      else warn(`there is no command "${command[0]}". The commands are open, close, toggle, ask, identify, logout and on.`);
    },
  };
  widget.identify(identity);
  (window as { Frontdesk?: unknown }).Frontdesk = api;
  if (typeof early === "object" && early !== null) {
    const queue = early as ArrayLike<Command>;
    for (let at = 0; at < queue.length; at += 1) api.push(queue[at]!);
  }
  whenBodyExists(() => {
    widget.show();
    whenIdle(() => widget.load());
  });

  function whenBodyExists(run: () => void): void {
    if (document.body) run();
    else native.listen(document, "DOMContentLoaded", run);
  }

  /** After the page itself has loaded: the chat takes nothing from it. */
  function whenIdle(run: () => void): void {
    const soon = () => (window.requestIdleCallback ? window.requestIdleCallback(run, { timeout: 2_000 }) : setTimeout(run, 200));
    if (document.readyState === "complete") soon();
    else native.listen(window, "load", soon);
  }
}

const early = (window as { Frontdesk?: unknown }).Frontdesk;
const script = document.currentScript as HTMLScriptElement | null;
const runs = typeof early === "object" && early !== null && typeof (early as Partial<Frontdesk>).toggle === "function";
if (script && !runs) {
  try {
    start(script, early);
  } catch (error) {
    warn(`the chat can't be shown on this page: ${String(error)}`);
  }
}
