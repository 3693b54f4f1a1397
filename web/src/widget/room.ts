/** The customer's unsent messages in one conversation. They are sent whichever conversation is shown, and after a reload. */

import { local } from "../api/storage";
import { Outbox, type Draft, type Sent } from "../chat/outbox";

/** State of a conversation that survives a reload, beside the session. */
export interface Memo {
  /** The newest message that was on the screen. */
  seen: number;
  drafts: readonly Draft[];
}

const MAX_MEMOS = 50;

export class Room {
  drafts: readonly Draft[] = [];
  readonly outbox: Outbox;
  readonly #end = new AbortController();

  constructor(
    /** `organizations/{organization}/conversations/{conversation}`; empty until there is a session. */
    public name: string,
    send: (room: Room, draft: Draft, signal: AbortSignal) => Promise<Sent>,
    changed: (room: Room) => void,
  ) {
    const keep = (drafts: readonly Draft[]) => {
      if (this.#end.signal.aborted) return;
      this.drafts = drafts;
      changed(this);
    };
    this.outbox = new Outbox({ send: (draft, signal) => send(this, draft, signal), changed: keep }, this.#end.signal);
  }

  stop(): void {
    this.#end.abort();
  }
}

/** This browser's memory of the customer's conversations, by name. */
export class Memos {
  /** The drafts that this tab has had: the others in a memo belong to other tabs. */
  readonly #own = new Set<string>();

  constructor(private readonly key: string) {}

  /** Calls back when another tab has changed it. */
  onChange(changed: () => void): void {
    window.addEventListener("storage", (event) => {
      if (event.key === this.key) changed();
    });
  }

  all(): Readonly<Record<string, Memo>> {
    return local.json<Record<string, Memo>>(this.key) ?? {};
  }

  of(name: string): Memo {
    return this.all()[name] ?? { seen: 0, drafts: [] };
  }

  /** Remembers a room's drafts, and how far it was read. */
  keep({ name, drafts }: Pick<Room, "name" | "drafts">, seen = 0): void {
    for (const { requestId } of drafts) this.#own.add(requestId);
    const before = this.of(name);
    const others = before.drafts.filter(({ requestId }) => !this.#own.has(requestId));
    this.#set({ ...this.#without(name), [name]: { seen: Math.max(seen, before.seen), drafts: [...others, ...drafts] } });
  }

  forget(name: string): void {
    this.#set(this.#without(name));
  }

  #without(name: string): Record<string, Memo> {
    return Object.fromEntries(Object.entries(this.all()).filter(([known]) => known !== name));
  }

  /** Keeps the last ones, and all that have drafts. */
  #set(memos: Record<string, Memo>): void {
    const entries = Object.entries(memos);
    const kept = entries.filter(([, { drafts }], place) => drafts.length > 0 || place >= entries.length - MAX_MEMOS);
    local.set(this.key, JSON.stringify(Object.fromEntries(kept)));
  }
}
