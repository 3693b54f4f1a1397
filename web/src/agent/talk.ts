/** One conversation at an agent's desk: its live view, and the agent's messages. */

import { downloadPath, organizationOf, refetch, upload } from "../api/media";
import { Files, type DraftFile } from "../chat/files";
import { LiveConversation } from "../chat/live";
import { Deliveries } from "./deliveries";
import type { Desk } from "./desk";
import type { Outgoing } from "./outgoing";
import { Profile } from "./profile";

export class Talk {
  readonly live: LiveConversation;
  readonly profile: Profile;
  readonly deliveries: Deliveries;
  readonly outgoing: Outgoing;
  readonly files: Files;
  /** Those of notes, which no customer may read. */
  readonly noteFiles: Files;
  readonly linkTo: (media: string) => Promise<string>;
  readonly refetch: (media: string) => Promise<void>;

  constructor(
    desk: Desk,
    /** `organizations/{organization}/conversations/{conversation}`. */
    readonly name: string,
  ) {
    this.live = new LiveConversation(desk.transport, name);
    this.profile = new Profile(desk.transport, this.live, () => void desk.overviews.refresh());
    this.deliveries = new Deliveries(desk.transport, this.live);
    this.outgoing = desk.outgoing.to(name);
    this.live.store.subscribe(() => {
      this.#settle();
      void this.profile.show(this.live.store.get().view.customer);
    });
    const { transport } = desk;
    const filesOf = (conversation: string) =>
      new Files((file, requestId, signal, progress) =>
        upload({ transport, parent: organizationOf(name), conversation, file, requestId, signal, progress }),
      );
    this.files = filesOf(name);
    this.noteFiles = filesOf("");
    this.linkTo = (media) => downloadPath(transport, media);
    this.refetch = (media) => refetch(transport, media);
  }

  start(): void {
    this.outgoing.show = (message) => this.live.fetch(message); // also while the watch reconnects
    this.live.start();
    this.deliveries.start();
  }

  stop(): void {
    this.outgoing.show = undefined;
    this.live.stop();
    this.profile.stop();
    this.deliveries.stop();
  }

  say(text: string, note: boolean, files: readonly DraftFile[]): void {
    this.outgoing.outbox.add(text.trim(), note, files);
  }

  retry = (requestId: string): void => this.outgoing.outbox.retry(requestId);

  discard = (requestId: string): void => this.outgoing.outbox.discard(requestId);

  #settle(): void {
    this.outgoing.outbox.settle(this.live.store.get().view.messages.map((message) => message.requestId));
  }
}
