/** Finds conversations: all of them by their state, or those in which some words were said. */

import { createClient, type Transport } from "@connectrpc/connect";
import { ConversationState, type Conversation } from "@contracts/core/v1/conversation_pb";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";
import type { Message } from "@contracts/core/v1/message_pb";

import { failure, type Failure } from "../api/errors";
import { organizationOf } from "../api/media";
import { unary } from "../api/transport";
import { Store } from "../chat/store";

export interface Found {
  conversation: Conversation;
  /** The message in which words were found; undefined in a list of all, and where the customer was found. */
  message: Message | undefined;
  /** The words that were looked for. */
  query: string;
}

export interface FinderState {
  query: string;
  /** UNSPECIFIED: all. */
  state: ConversationState;
  found: readonly Found[];
  loaded: boolean;
  loading: boolean;
  failure: Failure | undefined;
  olderToken: string;
}

const PAGE = 30;
const TYPING_MS = 250;
const MAX_QUERY = 200;

export class Finder {
  readonly store = new Store<FinderState>({
    query: "",
    state: ConversationState.UNSPECIFIED,
    found: [],
    loaded: false,
    loading: false,
    failure: undefined,
    olderToken: "",
  });
  readonly #client;
  readonly #parent: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request = new AbortController();

  constructor(
    transport: Transport,
    /** A resource name in the organization. */
    within: string,
    private readonly typingMs = TYPING_MS,
  ) {
    this.#client = createClient(ConversationService, transport);
    this.#parent = organizationOf(within);
  }

  /** Searches when the typing pauses. Empty: lists all. */
  type(query: string): void {
    this.store.set({ query });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.load(), this.typingMs);
  }

  choose(state: ConversationState): void {
    this.store.set({ state });
    void this.load();
  }

  /** Fetches the first page. A request that is under way is given up. */
  load = (): Promise<void> => this.#fetch("");

  loadOlder = (): Promise<void> => this.#fetch(this.store.get().olderToken);

  stop(): void {
    clearTimeout(this.#timer);
    this.#request.abort();
  }

  async #fetch(pageToken: string): Promise<void> {
    this.#request.abort();
    const { signal } = (this.#request = new AbortController());
    this.store.set({ loading: true, failure: undefined });
    try {
      const page = await this.#page(pageToken, signal);
      if (signal.aborted) return;
      const before = pageToken === "" ? [] : this.store.get().found;
      this.store.set({ found: joined(before, page.found), olderToken: page.next, loaded: true, loading: false });
    } catch (error) {
      if (!signal.aborted) this.store.set({ failure: failure(error), loading: false });
    }
  }

  async #page(pageToken: string, signal: AbortSignal): Promise<{ found: Found[]; next: string }> {
    const { query, state } = this.store.get();
    const words = [...query.trim()].slice(0, MAX_QUERY).join("");
    const states = state === ConversationState.UNSPECIFIED ? [] : [state];
    const shared = { parent: this.#parent, pageSize: PAGE, pageToken, states };
    if (words === "") {
      const page = await this.#client.listConversations(shared, { ...unary, signal });
      return { found: page.conversations.map((conversation) => ({ conversation, message: undefined, query: "" })), next: page.nextPageToken };
    }
    const page = await this.#client.searchConversations({ ...shared, query: words }, { ...unary, signal });
    const found = page.results.flatMap(({ conversation, message }) =>
      conversation ? [{ conversation, message, query: words }] : [],
    );
    return { found, next: page.nextPageToken };
  }
}

/** Adds a page. A conversation that moved up between two pages is there once. */
function joined(known: readonly Found[], more: readonly Found[]): readonly Found[] {
  const names = new Set(known.map(({ conversation }) => conversation.name));
  return [...known, ...more.filter(({ conversation }) => !names.has(conversation.name))];
}
