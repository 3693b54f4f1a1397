/** The customer's web-chat session: opened once, kept in this browser, refreshed for as long as the chat is used. */

import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import type { Session } from "@contracts/channel/v1/session_pb";
import { WebChatService } from "@contracts/channel/v1/web_chat_service_pb";

import { bearer, Bearers, exclusively, subjectOf, type Bearer } from "../api/bearer";
import { failure, isSignedOut } from "../api/errors";
import { local } from "../api/storage";
import { openTransport, signedTransport, unary } from "../api/transport";

/** State that a reload needs. The secret is exchanged at each refresh; any script of this page can read it, as with a cookie without HttpOnly. */
export interface Kept {
  name: string;
  secret: string;
  customer: string;
  /** The business's own id of the customer; empty for an anonymous one. */
  subject: string;
  /** The conversation that this browser showed last. */
  conversation: string;
  /** The conversation that the customer began last. */
  newest: string;
  greeting: string;
}

export class SessionKeeper {
  readonly #client = createClient(WebChatService, openTransport());
  readonly #key: string;

  constructor(
    /** `organizations/{organization}/channels/{channel}`. */
    private readonly channel: string,
    /** A token signed by the business that names its customer; empty while no one is signed in to its page. */
    private readonly identity: () => string = () => "",
  ) {
    this.#key = `frontdesk:${channel}`;
  }

  kept(): Kept | undefined {
    return local.json<Kept>(this.#key);
  }

  /** Notes which conversation is shown. */
  shows(conversation: string): void {
    const kept = this.kept();
    if (kept) local.set(this.#key, JSON.stringify({ ...kept, conversation }));
  }

  /** Calls back when another tab has begun another session. */
  onOtherSession(own: () => string | undefined, changed: () => void): void {
    window.addEventListener("storage", (event) => {
      const kept = event.key === this.#key ? this.kept() : undefined;
      if (kept && kept.name !== own()) changed();
    });
  }

  /**
   * Comes back to the session kept in this browser. Opens one when there is none, when it has ended, when a new one is wanted, and
   * when another customer is signed in to the business's page now.
   */
  start(anew: boolean): Promise<Signed> {
    return exclusively(this.#key, async () => {
      const identityToken = this.identity();
      const kept = anew ? undefined : this.kept();
      if (kept && (kept.subject ?? "") === subjectOf(identityToken)) {
        try {
          const current = await this.#exchange(kept);
          return this.#sign(this.kept() ?? kept, current);
        } catch (error) {
          if (!isSignedOut(failure(error))) throw error; // otherwise it has ended: start again without it
        }
      }
      const opening = { channel: this.channel, identityToken, language: navigator.language };
      const session = await this.#client.openSession(opening, unary);
      return this.#sign(this.#keep(session, subjectOf(identityToken)), bearer(session.token));
    });
  }

  #sign(kept: Kept, current: Bearer): Signed {
    const bearers = new Bearers(() => this.#refresh(kept.name));
    bearers.set(current);
    return { ...kept, transport: signedTransport(bearers) };
  }

  /** One tab at a time: the others then find the secret that the first one was given. */
  #refresh(name: string): Promise<Bearer> {
    return exclusively(this.#key, async () => {
      const kept = this.kept();
      if (kept?.name !== name) throw new ConnectError("another session has taken its place", Code.Canceled);
      return this.#exchange(kept);
    });
  }

  async #exchange({ name, secret, subject }: Kept): Promise<Bearer> {
    const session = await this.#client.refreshSession({ name, secret }, unary);
    this.#keep(session, subject);
    return bearer(session.token);
  }

  #keep({ name, secret, customer, conversation: newest, greeting }: Session, subject: string): Kept {
    const before = this.kept();
    const conversation = before?.customer === customer ? before.conversation : newest;
    const kept = { name, secret, customer, subject, conversation, newest, greeting };
    local.set(this.#key, JSON.stringify(kept));
    return kept;
  }
}

/** A session with the way to call in its name. */
export interface Signed extends Kept {
  transport: Transport;
}
