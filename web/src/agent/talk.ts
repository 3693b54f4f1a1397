/** One conversation at an agent's desk: its live view, and what the agent says in it. */

import { LiveConversation } from "../chat/live";
import type { Desk } from "./desk";
import type { Outgoing } from "./outgoing";

export class Talk {
  readonly live: LiveConversation;
  readonly outgoing: Outgoing;

  constructor(
    desk: Desk,
    /** `organizations/{organization}/conversations/{conversation}`. */
    readonly name: string,
  ) {
    this.live = new LiveConversation(desk.transport, name);
    this.outgoing = desk.outgoing.to(name);
    this.live.store.subscribe(() => this.#settle());
  }

  start(): void {
    this.outgoing.show = (message) => this.live.fetch(message); // also while the watch is on its way back
    this.live.start();
  }

  stop(): void {
    this.outgoing.show = undefined;
    this.live.stop();
  }

  say(text: string, note: boolean): void {
    this.outgoing.outbox.add(text.trim(), note);
  }

  retry = (requestId: string): void => this.outgoing.outbox.retry(requestId);

  discard = (requestId: string): void => this.outgoing.outbox.discard(requestId);

  #settle(): void {
    this.outgoing.outbox.settle(this.live.store.get().view.messages.map((message) => message.requestId));
  }
}
