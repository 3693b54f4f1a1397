/** One conversation on a screen: its history, and its watch at core for as long as it is shown. */

import { createClient, type Transport } from "@connectrpc/connect";
import {
  ConversationService,
  type WatchConversationResponse,
} from "@contracts/core/v1/conversation_service_pb";
import type { Conversation } from "@contracts/core/v1/conversation_pb";
import type { Message } from "@contracts/core/v1/message_pb";
import { MessageService } from "@contracts/core/v1/message_service_pb";

import { failure, type Failure } from "../api/errors";
import { about, unary } from "../api/transport";
import { watch, type Connection } from "../api/watch";
import { EMPTY, fold, withHistory, withMessages, type View } from "./conversation";
import { Store } from "./store";

export interface LiveState {
  view: View;
  /** The history has been fetched once. */
  loaded: boolean;
  connection: Connection;
  failure: Failure | undefined;
  /** The page token of older messages; empty when there are none. */
  olderToken: string;
  loadingOlder: boolean;
  /** The assistant quotes pages: no model is connected. */
  quotesOnly: boolean;
}

const BEGINNING: LiveState = {
  view: EMPTY,
  loaded: false,
  connection: "connecting",
  failure: undefined,
  olderToken: "",
  loadingOlder: false,
  quotesOnly: false,
};

const PAGE = 50;

export class LiveConversation {
  readonly store = new Store<LiveState>(BEGINNING);
  readonly #conversations;
  readonly #messages;
  readonly #about;
  readonly #ended = new AbortController();

  constructor(
    transport: Transport,
    /** `organizations/{organization}/conversations/{conversation}`. */
    readonly name: string,
  ) {
    this.#conversations = createClient(ConversationService, transport);
    this.#messages = createClient(MessageService, transport);
    this.#about = about(name);
  }

  /** Fetches the history and follows what happens, until `stop`. */
  start(): void {
    void watch<WatchConversationResponse>(
      {
        load: (signal) => this.#load(signal),
        open: (resumeToken, signal, opened) =>
          this.#conversations.watchConversation({ name: this.name, resumeToken }, { ...this.#about, signal, onHeader: opened }),
        frame: ({ event }) => this.#change((view) => fold(view, event)),
        connection: (connection, why) => this.store.set({ connection, failure: connection === "lost" ? why : undefined }),
        restsUnseen: true,
      },
      this.#ended.signal,
    );
  }

  stop(): void {
    this.#ended.abort();
  }

  /** Shows messages that came as an answer, before the watch brings them. */
  add(messages: readonly Message[]): void {
    this.#change((view) => withMessages(view, messages));
  }

  /** Shows the conversation as an answer says it is, before the watch brings it. */
  update(conversation: Conversation): void {
    this.#change((view) => fold(view, { case: "conversationUpdated", value: conversation }));
  }

  /** Shows a message of which only the name is known. If that fails, the watch brings it. */
  async fetch(name: string): Promise<void> {
    await this.#messages.getMessage({ name }, { ...unary, ...this.#about }).then(
      (message) => this.add([message]),
      () => undefined,
    );
  }

  async loadOlder(): Promise<void> {
    const { olderToken, loadingOlder } = this.store.get();
    if (!olderToken || loadingOlder) return;
    this.store.set({ loadingOlder: true });
    try {
      const page = await this.#messages.listMessages({ parent: this.name, pageSize: PAGE, pageToken: olderToken }, { ...unary, ...this.#about });
      this.add(page.messages);
      this.store.set({ olderToken: page.nextPageToken });
    } catch (error) {
      this.store.set({ failure: failure(error) });
    } finally {
      this.store.set({ loadingOlder: false });
    }
  }

  async #load(signal: AbortSignal): Promise<string> {
    const page = await this.#messages.listMessages({ parent: this.name, pageSize: PAGE }, { ...unary, ...this.#about, signal });
    const conversation = await this.#conversations.getConversation({ name: this.name }, { ...unary, ...this.#about, signal });
    this.#change((view) => withHistory(view, page.messages, conversation));
    this.store.set({ loaded: true, olderToken: page.nextPageToken, quotesOnly: page.quotesOnly });
    return page.resumeToken;
  }

  #change(step: (view: View) => View): void {
    const view = step(this.store.get().view);
    if (view !== this.store.get().view) this.store.set({ view });
  }
}
