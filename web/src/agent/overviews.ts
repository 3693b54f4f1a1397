/** The conversations of the inbox as core lists them: subject, priority, language, the customer's name, what was said last. */

import { createClient, type Transport } from "@connectrpc/connect";
import { ConversationState, type Conversation } from "@contracts/core/v1/conversation_pb";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";

import { organizationOf } from "../api/media";
import { unary } from "../api/transport";
import { Store } from "../chat/store";

export type ByName = ReadonlyMap<string, Conversation>;

/** Beyond these, rows show what the inbox itself has. */
const MAX_CONVERSATIONS = 100;

export class Overviews {
  readonly store = new Store<{ byName: ByName }>({ byName: new Map() });
  readonly #client;
  #names = "";
  #running = false;
  #again = false;

  constructor(transport: Transport) {
    this.#client = createClient(ConversationService, transport);
  }

  /** Fetches them when other conversations are listed than before. */
  follow(names: readonly string[]): void {
    const sorted = [...names].sort().join(" ");
    if (sorted === this.#names) return;
    this.#names = sorted;
    void this.refresh();
  }

  /** Fetches them. A call during another one runs after it. */
  refresh = async (): Promise<void> => {
    const [first] = this.#names.split(" ");
    if (!first) return this.store.set({ byName: new Map() });
    this.#again = this.#running;
    if (this.#running) return;
    this.#running = true;
    const states = [ConversationState.WAITING, ConversationState.ASSIGNED];
    try {
      const page = await this.#client.listConversations({ parent: organizationOf(first), states, pageSize: MAX_CONVERSATIONS }, unary);
      this.store.set({ byName: new Map(page.conversations.map((conversation) => [conversation.name, conversation])) });
    } catch {
      // The rows keep what they show, and the next change of the inbox fetches again.
    } finally {
      this.#running = false;
    }
    if (this.#again) await this.refresh();
  };
}
