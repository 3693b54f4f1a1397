/** A list of one customer's conversations, open and closed, the newest first. */

import { createClient, type Transport } from "@connectrpc/connect";
import { ConversationState, type Conversation } from "@contracts/core/v1/conversation_pb";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";

import { failure, type Failure } from "../api/errors";
import { organizationOf } from "../api/media";
import { unary } from "../api/transport";
import { t } from "../i18n";
import { isolated } from "../ui/Name";
import { millis } from "./conversation";
import { Store } from "./store";

export interface ListState {
  conversations: readonly Conversation[];
  loaded: boolean;
  loading: boolean;
  failure: Failure | undefined;
  /** Goes to older ones; empty when there are none. */
  olderToken: string;
}

const PAGE = 20;

export class ConversationList {
  readonly store = new Store<ListState>({ conversations: [], loaded: false, loading: false, failure: undefined, olderToken: "" });

  constructor(
    /** For a customer their own on a channel; for an agent all of a customer. */
    private readonly filter: { channel: string } | { customer: string },
    private readonly transport: () => Promise<Transport>,
  ) {}

  /** Fetches the newest ones again. */
  load = (): Promise<void> => this.#fetch("");

  loadOlder = (): Promise<void> => this.#fetch(this.store.get().olderToken);

  async #fetch(pageToken: string): Promise<void> {
    if (this.store.get().loading) return;
    this.store.set({ loading: true, failure: undefined });
    try {
      const client = createClient(ConversationService, await this.transport());
      const parent = organizationOf(Object.values(this.filter)[0]!);
      const page = await client.listConversations({ parent, ...this.filter, pageSize: PAGE, pageToken }, unary);
      const before = pageToken === "" ? [] : this.store.get().conversations;
      this.store.set({ conversations: merged(before, page.conversations), loaded: true, olderToken: page.nextPageToken });
    } catch (error) {
      this.store.set({ failure: failure(error) });
    } finally {
      this.store.set({ loading: false });
    }
  }
}

/** Adds a page. A conversation that moved up between two pages is there once. */
export function merged(known: readonly Conversation[], more: readonly Conversation[]): readonly Conversation[] {
  const names = new Set(known.map(({ name }) => name));
  return [...known, ...more.filter(({ name }) => !names.has(name))];
}

/** The texts of a row: the subject or the last message, its time, and the conversation's standing. */
export function rowOf({ subject, summary, state, agentDisplayName, createTime }: Conversation, reader: ParticipantRole) {
  const time = summary?.lastMessageTime ?? createTime;
  const own = summary?.lastRole === ParticipantRole.CUSTOMER && reader === ParticipantRole.CUSTOMER;
  const last = summary?.lastPreview ?? "";
  const preview = last && own ? t("list.own", { text: last }) : last;
  return {
    title: subject || preview || t("list.empty"),
    preview: subject ? preview : "",
    time: time ? millis(time) : undefined,
    standing: standing(state, agentDisplayName),
  };
}

function standing(state: ConversationState, agent: string): string {
  if (state === ConversationState.CLOSED) return t("standing.closed");
  if (state === ConversationState.WAITING) return t("standing.waiting");
  return state === ConversationState.ASSIGNED ? t("standing.assigned", { agent: agent ? isolated(agent) : t("role.anAgentWithin") }) : "";
}
