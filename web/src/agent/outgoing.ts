/** An agent's messages that the conversations don't show yet. They are sent whichever conversation is open, and after a reload. */

import { tab } from "../api/storage";
import { Outbox, type Draft } from "../chat/outbox";
import { Store } from "../chat/store";

/** Sends a draft to a conversation; returns the message's name. */
type Send = (conversation: string, draft: Draft, signal: AbortSignal) => Promise<string>;

/** The drafts of one conversation. */
export class Outgoing {
  readonly store = new Store<{ drafts: readonly Draft[] }>({ drafts: [] });
  readonly outbox: Outbox;
  /** Shows a sent message at once, while its conversation is open. */
  show: ((message: string) => Promise<void>) | undefined;

  constructor(send: (draft: Draft) => Promise<string>, changed: () => void, ended: AbortSignal) {
    const sent = async (draft: Draft) => {
      const name = await send(draft);
      await this.show?.(name);
      return "accepted" as const;
    };
    const keep = (drafts: readonly Draft[]) => {
      this.store.set({ drafts });
      changed();
    };
    this.outbox = new Outbox({ send: sent, changed: keep }, ended);
  }
}

/** The drafts of all conversations of one user. */
export class AllOutgoing {
  readonly #key: string;
  readonly #ended = new AbortController();
  readonly #byConversation = new Map<string, Outgoing>();

  constructor(
    user: string,
    private readonly send: Send,
  ) {
    this.#key = `frontdesk:${user}:outgoing`;
  }

  /** Sends what a reload interrupted. */
  restore(): void {
    const kept = tab.json<Record<string, Draft[]>>(this.#key) ?? {};
    for (const [conversation, drafts] of Object.entries(kept)) this.to(conversation).outbox.restore(drafts);
  }

  to(conversation: string): Outgoing {
    const known = this.#byConversation.get(conversation);
    if (known) return known;
    const { signal } = this.#ended;
    const made = new Outgoing((draft) => this.send(conversation, draft, signal), () => this.#keep(), signal);
    this.#byConversation.set(conversation, made);
    return made;
  }

  /** Tries again now: the connection is back. */
  hurry(): void {
    for (const { outbox } of this.#byConversation.values()) outbox.hurry();
  }

  stop(): void {
    this.#ended.abort();
  }

  #keep(): void {
    if (this.#ended.signal.aborted) return;
    const all = [...this.#byConversation].map(([conversation, { store }]) => [conversation, store.get().drafts] as const);
    const open = all.filter(([, drafts]) => drafts.length > 0);
    if (open.length === 0) tab.remove(this.#key);
    else tab.set(this.#key, JSON.stringify(Object.fromEntries(open)));
  }
}
