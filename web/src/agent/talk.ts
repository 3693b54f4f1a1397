/** One conversation at an agent's desk: its live view, and what the agent says in it. */

import { LiveConversation } from "../chat/live";
import { Outbox, type Draft, type Sent } from "../chat/outbox";
import { Store } from "../chat/store";
import type { Desk } from "./desk";

export class Talk {
  readonly live: LiveConversation;
  readonly drafts = new Store<{ list: readonly Draft[] }>({ list: [] });
  readonly #ended = new AbortController();
  readonly #outbox: Outbox;

  constructor(
    private readonly desk: Desk,
    /** `organizations/{organization}/conversations/{conversation}`. */
    readonly name: string,
  ) {
    this.live = new LiveConversation(desk.transport, name);
    this.#outbox = new Outbox(
      { send: (draft, signal) => this.#send(draft, signal), changed: (list) => this.drafts.set({ list }) },
      this.#ended.signal,
    );
    this.live.store.subscribe(() => this.#settle());
  }

  start(): void {
    this.live.start();
  }

  stop(): void {
    this.#ended.abort();
    this.live.stop();
  }

  say(text: string, note: boolean): void {
    this.#outbox.add(text.trim(), note);
  }

  retry = (requestId: string): void => this.#outbox.retry(requestId);

  discard = (requestId: string): void => this.#outbox.discard(requestId);

  async #send({ text, requestId, note }: Draft, signal: AbortSignal): Promise<Sent> {
    const name = await this.desk.say(this.name, text, requestId, note, signal);
    await this.live.fetch(name); // shows it at once, also while the watch is on its way back
    return "accepted";
  }

  #settle(): void {
    this.#outbox.settle(this.live.store.get().view.messages.map((message) => message.requestId));
  }
}
