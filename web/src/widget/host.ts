/** The page around the chat's frame: it shows the launcher and says who is signed in to it. Without one, the chat is a page of its own. */

import { packed, unpacked, type FromChat, type FromPage, type Look } from "../loader/protocol";

export interface Listener {
  /** The page's customer is someone else now; empty: no one is signed in. */
  identity(token: string): void;
  shown(shown: boolean, full: boolean, focus: boolean): void;
  ask(question: string): void;
}

const ORIGIN = /^https?:\/\/[^/?#\s]+$/;

export class Host {
  /** The only origin that is listened and written to. Browsers show this page in no frame of an origin that the channel refuses. */
  readonly #origin: string;
  /** Messages of the page that came before anyone listened. */
  #early: FromPage[] = [];
  #each = (message: FromPage): void => void this.#early.push(message);

  constructor(private readonly window: Window) {
    const given = new URLSearchParams(window.location.search).get("origin") ?? "";
    this.#origin = window.parent !== window && ORIGIN.test(given) ? given : "";
    window.addEventListener("message", this.#hear);
  }

  get isEmbedded(): boolean {
    return this.#origin !== "";
  }

  /** Reports that the chat runs, and returns the identity token that the page gives, which may be empty. */
  greet(open: boolean): Promise<string> {
    if (!this.isEmbedded) return Promise.resolve("");
    return new Promise((resolve) => {
      this.#each = (message) => {
        if (message.type === "hello") resolve(message.identity);
        else this.#early.push(message);
      };
      this.#say({ type: "ready", open });
    });
  }

  /** Calls back on each message of the page, those that came since `greet` too. */
  listen(listener: Listener): void {
    this.#each = (message) => {
      if (message.type === "identity" || message.type === "hello") listener.identity(message.identity);
      else if (message.type === "shown") listener.shown(message.shown, message.full, message.focus);
      else if (message.type === "ask") listener.ask(message.text);
    };
    for (const message of this.#early.splice(0)) this.#each(message);
  }

  look(look: Look): void {
    this.#say({ type: "look", look });
  }

  unread(count: number, label: string): void {
    this.#say({ type: "unread", count, label });
  }

  close(): void {
    this.#say({ type: "close" });
  }

  failed(why: string): void {
    this.#say({ type: "failed", why });
  }

  #hear = (event: MessageEvent): void => {
    if (!this.isEmbedded || event.source !== this.window.parent || event.origin !== this.#origin) return;
    const message = unpacked<FromPage>(event.data);
    if (message && isWellFormed(message)) this.#each(message);
  };

  #say(message: FromChat): void {
    if (this.isEmbedded) this.window.parent.postMessage(packed(message), this.#origin);
  }
}

function isWellFormed(message: FromPage): boolean {
  switch (message.type) {
    case "hello":
    case "identity":
      return typeof message.identity === "string";
    case "shown":
      return [message.shown, message.full, message.focus].every((each) => typeof each === "boolean");
    case "ask":
      return typeof message.text === "string" && message.text.trim() !== "" && message.text.length <= 4000;
    default:
      return false;
  }
}
