/** The customer's web-chat session: opened once, kept in this browser, refreshed for as long as the chat is used. */

import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import type { Session } from "@contracts/channel/v1/session_pb";
import { WebChatMailService } from "@contracts/channel/v1/web_chat_mail_service_pb";
import { WebChatService } from "@contracts/channel/v1/web_chat_service_pb";

import { bearer, Bearers, subjectOf, type Bearer } from "../api/bearer";
import { failure, isSignedOut } from "../api/errors";
import { local } from "../api/storage";
import { openTransport, signedTransport, unary } from "../api/transport";
import { exclusively } from "../api/turns";
import type { MailLink } from "./mail";

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

/** The one who opens a session, as far as they have said. */
export interface Opener {
  /** A token signed by the business that names its customer; empty while no one is signed in to its page. */
  identityToken: string;
  /** From the form before the chat; may be empty. */
  displayName: string;
  email: string;
  /** BCP 47 tag of the chat's language. */
  language: string;
}

export class SessionKeeper {
  readonly #client = createClient(WebChatService, openTransport());
  readonly #key: string;

  constructor(
    /** `organizations/{organization}/channels/{channel}`. */
    private readonly channel: string,
    private readonly opener: () => Opener,
  ) {
    this.#key = `frontdesk:${channel}`;
  }

  /** The business's own id of the customer who is signed in to its page; empty: no one is. */
  get subject(): string {
    return subjectOf(this.opener().identityToken);
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
   * Comes back to the session kept in this browser, or, where another customer is signed in to the business's page now, to that
   * customer's conversations. Undefined when there are none: nothing is made, because reading costs no conversation.
   */
  resume(): Promise<Signed | undefined> {
    return exclusively(this.#key, async () => {
      const resumed = await this.#resumeKept();
      if (resumed || !this.opener().identityToken) return resumed;
      return this.#openSession(true).catch((error: unknown) => {
        if (failure(error).code === Code.NotFound) return undefined;
        throw error;
      });
    });
  }

  /** Opens a session, unless there is one to come back to by now: another tab may have opened it. */
  open(): Promise<Signed> {
    return exclusively(this.#key, async () => (await this.#resumeKept()) ?? this.#openSession(false));
  }

  /** Forgets the session of this browser. */
  forget(): void {
    local.remove(this.#key);
  }

  async #resumeKept(): Promise<Signed | undefined> {
    const kept = this.kept();
    if (!kept || (kept.subject ?? "") !== this.subject) return undefined;
    try {
      const current = await this.#exchange(kept);
      return this.#sign(this.kept() ?? kept, current);
    } catch (error) {
      if (!isSignedOut(failure(error))) throw error;
      this.forget(); // it has ended
      return undefined;
    }
  }

  async #openSession(returning: boolean): Promise<Signed> {
    const { subject } = this;
    const session = await this.#client.openSession({ channel: this.channel, returning, ...this.opener() }, unary);
    return this.#sign(this.#keep(session, subject), bearer(session.token));
  }

  /** Keeps the session that a link in a mail opens, with the conversation of that mail. */
  resumeBy({ name, secret }: Pick<MailLink, "name" | "secret">): Promise<Kept> {
    return exclusively(this.#key, async () => {
      const session = await createClient(WebChatMailService, openTransport()).resumeConversation({ name, secret }, unary);
      const kept = this.#keep(session, "");
      this.shows(session.conversation);
      return { ...kept, conversation: session.conversation };
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
      if (!kept) throw new ConnectError("another tab has found that it has ended", Code.Unauthenticated);
      if (kept.name !== name) throw new ConnectError("another session has taken its place", Code.Canceled);
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
