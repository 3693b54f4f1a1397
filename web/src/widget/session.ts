/** The customer's web-chat session: opened once, kept in this browser, refreshed for as long as the chat is used. */

import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import type { Session } from "@contracts/channel/v1/session_pb";
import { WebChatService } from "@contracts/channel/v1/web_chat_service_pb";

import { bearer, Bearers, exclusively, type Bearer } from "../api/bearer";
import { failure, isSignedOut } from "../api/errors";
import { local } from "../api/storage";
import { openTransport, signedTransport, unary } from "../api/transport";

/** State that a reload needs. The secret is exchanged at each refresh; any script of this page can read it, as with a cookie without HttpOnly. */
export interface Kept {
  name: string;
  secret: string;
  conversation: string;
  greeting: string;
}

export class SessionKeeper {
  readonly #client = createClient(WebChatService, openTransport());
  readonly #key: string;

  constructor(
    /** `organizations/{organization}/channels/{channel}`. */
    private readonly channel: string,
  ) {
    this.#key = `frontdesk:${channel}`;
  }

  kept(): Kept | undefined {
    return local.json<Kept>(this.#key);
  }

  /** Calls back when another tab has begun another conversation. */
  onOtherSession(own: () => string | undefined, changed: () => void): void {
    window.addEventListener("storage", (event) => {
      const kept = event.key === this.#key ? this.kept() : undefined;
      if (kept && kept.name !== own()) changed();
    });
  }

  /** Comes back to the session kept in this browser. Opens one when there is none, when it has ended, or when a new one is wanted. */
  start(anew: boolean): Promise<Signed> {
    return exclusively(this.#key, async () => {
      const kept = anew ? undefined : this.kept();
      if (kept) {
        try {
          return this.#sign(kept, await this.#exchange(kept));
        } catch (error) {
          if (!isSignedOut(failure(error))) throw error; // otherwise it has ended: start again without it
        }
      }
      const session = await this.#client.openSession({ channel: this.channel, language: navigator.language }, unary);
      return this.#sign(this.#keep(session), bearer(session.token));
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

  async #exchange({ name, secret }: Kept): Promise<Bearer> {
    const session = await this.#client.refreshSession({ name, secret }, unary);
    this.#keep(session);
    return bearer(session.token);
  }

  #keep({ name, secret, conversation, greeting }: Session): Kept {
    const kept = { name, secret, conversation, greeting };
    local.set(this.#key, JSON.stringify(kept));
    return kept;
  }
}

/** A session with the way to call in its name. */
export interface Signed extends Kept {
  transport: Transport;
}
