/** The launcher and the frame of the chat, in a closed shadow root. */

import type { Natives } from "./natives";
import { packed, unpacked, type FromChat, type FromPage, type Look } from "./protocol";
import { FULL, ICONS, STYLE } from "./style";

export interface Settings {
  /** The origin that serves the chat. */
  origin: string;
  /** The path of the chat's page. */
  path: string;
  /** Empty: the chat chooses by its settings and the browser's languages. */
  language: string;
  /** Wins over the channel's setting. */
  side: "left" | "right" | undefined;
}

export interface Events {
  unread(count: number): void;
  open(): void;
  close(): void;
  warn(sentence: string): void;
}

/** How long a loaded frame may be silent, in ms, before it counts as blocked. */
const SILENCE_MS = 2_000;
/** Waits before the next looks at a frame that showed no chat. */
const RETRIES_MS = [3_000, 10_000, 20_000, 40_000, 60_000];

export class Widget {
  readonly #host: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #icon: SVGElement;
  readonly #badge: HTMLSpanElement;
  readonly #panel: HTMLDivElement;
  readonly #full = window.matchMedia(FULL);
  #frame: HTMLIFrameElement | undefined;
  #labels = { open: "Open the chat", close: "Close the chat", frame: "Chat" };
  #unreadLabel = "";
  #unread = 0;
  #open = false;
  #focus = false;
  /** The chat has answered; until then messages to it wait. */
  #ready = false;
  /** How often its frame has stayed empty. */
  #silences = 0;
  /** It can't be used: the page shows nothing of it. */
  #hidden = false;
  #identity = "";
  #question = "";
  /** The page's title and inertness while they are changed. */
  #title = { plain: "", counted: "" };
  #covered: { overflow: string } | undefined;

  constructor(
    private readonly native: Natives,
    private readonly settings: Settings,
    private readonly events: Events,
  ) {
    this.#host = native.create("frontdesk-chat" as "div");
    const root = native.shadow(this.#host);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#button = native.create("button");
    native.set(this.#button, "type", "button");
    const picture = native.createSvg("svg");
    native.set(picture, "viewBox", "0 0 24 24");
    native.set(picture, "aria-hidden", "true");
    this.#icon = native.createSvg("path");
    this.#badge = native.create("span");
    native.set(this.#badge, "aria-hidden", "true");
    this.#panel = native.create("div");
    native.append(picture, this.#icon);
    native.append(this.#button, picture);
    native.append(this.#button, this.#badge);
    native.append(root, this.#panel);
    native.append(root, this.#button);
    this.#place("end");
    this.#draw();
    native.listen(this.#button, "click", () => this.toggle());
    native.listen(root, "keydown", (event: KeyboardEvent) => event.key === "Escape" && this.close());
    native.listen(window, "message", this.#hear);
    native.listen(this.#full, "change", this.#fit);
    if (window.visualViewport) {
      native.listen(window.visualViewport, "resize", this.#fit);
      native.listen(window.visualViewport, "scroll", this.#fit);
    }
  }

  /** Puts it on the page, above everything that is there. */
  show(): void {
    this.native.append(document.documentElement, this.#host);
    try {
      this.native.set(this.#host, "popover", "manual");
      this.#host.showPopover(); // the browser's top layer is above any z-index
    } catch {
      this.native.unset(this.#host, "popover"); // an older browser
    }
  }

  /** Fetches the chat, so that it opens at once. */
  load(): void {
    if (this.#frame) return;
    const frame = (this.#frame = this.native.create("iframe"));
    this.native.set(frame, "title", this.#labels.frame);
    this.native.set(frame, "allow", "microphone; clipboard-write");
    this.native.set(frame, "referrerpolicy", "origin");
    this.native.set(frame, "src", this.#address());
    this.native.listen(frame, "load", () => setTimeout(() => this.#ready || this.#retry(), SILENCE_MS));
    this.native.append(this.#panel, frame);
  }

  #address(): string {
    const { origin, path, language } = this.settings;
    const wanted = language ? `&language=${encodeURIComponent(language)}` : "";
    return `${origin}${path}?origin=${encodeURIComponent(window.location.origin)}${wanted}`;
  }

  open(focus = true): void {
    if (this.#open || this.#hidden) return;
    this.#open = true;
    this.#focus = focus;
    this.load();
    this.#draw();
    this.#fit();
    this.#tellShown();
    this.events.open();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#draw();
    this.#fit();
    this.#tellShown();
    this.#button.focus({ preventScroll: true });
    this.events.close();
  }

  toggle(): void {
    if (this.#open) this.close();
    else this.open();
  }

  ask(question: string): void {
    this.open();
    this.#question = question;
    this.#tellQuestion();
  }

  identify(token: string): void {
    this.#identity = token;
    if (this.#ready) this.#tell({ type: "identity", identity: token });
  }

  #hear = (event: MessageEvent): void => {
    const frame = this.#frame;
    if (!frame || event.origin !== this.settings.origin || event.source !== frame.contentWindow) return;
    const message = unpacked<FromChat>(event.data);
    switch (message?.type) {
      case "ready":
        this.#ready = true;
        this.#hide(false);
        this.#tell({ type: "hello", identity: this.#identity });
        if (message.open && !this.#open) this.open(false);
        else this.#tellShown();
        this.#tellQuestion();
        return;
      case "look":
        return this.#wear(message.look);
      case "unread":
        return this.#count(message.count, message.label);
      case "close":
        return this.close();
      case "failed":
        return this.#fail(message.why);
    }
  };

  #tell(message: FromPage): void {
    this.#frame?.contentWindow?.postMessage(packed(message), this.settings.origin);
  }

  #tellShown(): void {
    if (!this.#ready) return;
    if (this.#open && this.#focus) this.#frame?.focus({ preventScroll: true });
    this.#tell({ type: "shown", shown: this.#open, full: this.#full.matches, focus: this.#focus });
  }

  #tellQuestion(): void {
    if (!this.#ready || !this.#question) return;
    this.#tell({ type: "ask", text: this.#question });
    this.#question = "";
  }

  #wear({ accent, onAccent, surface, side, labels }: Look): void {
    const { style } = this.#button;
    style.setProperty("--accent", accent);
    style.setProperty("--on-accent", onAccent);
    this.#panel.style.setProperty("--surface", surface);
    this.#labels = labels;
    if (this.#frame) this.native.set(this.#frame, "title", labels.frame);
    this.#place(side);
    this.#draw();
  }

  #place(side: Look["side"]): void {
    const isRtl = getComputedStyle(document.documentElement).direction === "rtl";
    const isLeft = this.settings.side ? this.settings.side === "left" : (side === "start") !== isRtl;
    this.#button.classList.toggle("left", isLeft);
    this.#panel.classList.toggle("left", isLeft);
  }

  #count(count: number, label: string): void {
    this.#unreadLabel = label;
    const changed = count !== this.#unread;
    this.#unread = count;
    this.#draw();
    this.#countInTitle();
    if (changed) this.events.unread(count);
  }

  #draw(): void {
    const open = this.#open;
    const { open: opens, close } = this.#labels;
    this.#button.classList.toggle("open", open);
    this.#panel.classList.toggle("open", open);
    this.native.set(this.#button, "aria-expanded", open ? "true" : "false");
    this.native.set(this.#button, "aria-label", open ? close : this.#unread > 0 && this.#unreadLabel ? this.#unreadLabel : opens);
    this.native.set(this.#icon, "d", open ? ICONS.close : ICONS.chat);
    this.#badge.textContent = this.#unread > 0 && !open ? (this.#unread > 99 ? "99+" : `${this.#unread}`) : "";
  }

  /** Puts the number of unread messages before the page's title; a title that the page sets meanwhile stays. */
  #countInTitle(): void {
    if (document.title !== this.#title.counted) this.#title.plain = document.title;
    this.#title.counted = this.#unread > 0 ? `(${this.#unread}) ${this.#title.plain}` : this.#title.plain;
    if (document.title !== this.#title.counted) document.title = this.#title.counted;
  }

  /** On a phone the chat covers the page, which then neither scrolls nor takes the focus, and stays above the keyboard. */
  #fit = (): void => {
    const covers = this.#open && this.#full.matches;
    const { style } = document.documentElement;
    if (covers && !this.#covered) {
      this.#covered = { overflow: style.overflow };
      style.overflow = "hidden";
      document.body.inert = true;
      this.#tellShown();
    } else if (!covers && this.#covered) {
      style.overflow = this.#covered.overflow;
      this.#covered = undefined;
      document.body.inert = false;
      this.#tellShown();
    }
    const viewport = window.visualViewport;
    if (!covers || !viewport) return;
    this.#panel.style.setProperty("--top", `${viewport.offsetTop}px`);
    this.#panel.style.setProperty("--height", `${viewport.height}px`);
  };

  /** The frame shows no chat: says so once, and looks again, because a service may only be restarting. */
  #retry(): void {
    this.#silences += 1;
    if (this.#silences === 1) this.#fail(BLOCKED);
    const wait = RETRIES_MS[this.#silences - 1];
    if (wait === undefined) return;
    setTimeout(() => this.#frame && this.native.set(this.#frame, "src", this.#address()), wait);
  }

  #fail(why: string): void {
    if (this.#open) this.close();
    this.#hide(true);
    this.events.warn(why);
  }

  #hide(hidden: boolean): void {
    this.#hidden = hidden;
    this.#button.hidden = hidden;
  }
}

const BLOCKED =
  "the chat's frame shows nothing. Check that the channel exists, that it is active, that this page's address is among the " +
  "channel's allowed origins, and that the page's content security policy allows the frame (frame-src).";
