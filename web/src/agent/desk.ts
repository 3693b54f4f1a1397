/** The state behind an agent's screen: the inbox, the presence, and the agent's actions on conversations. */

import { createClient, type Transport } from "@connectrpc/connect";
import { HandoverService } from "@contracts/agent/v1/handover_service_pb";
import type { InboxEvent } from "@contracts/agent/v1/inbox_pb";
import { InboxService, type WatchInboxResponse } from "@contracts/agent/v1/inbox_service_pb";
import { PresenceState } from "@contracts/agent/v1/presence_pb";
import { ConversationService } from "@contracts/core/v1/conversation_service_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";

import { failure, isSignedOut, type Failure } from "../api/errors";
import { about, unary } from "../api/transport";
import { pause, watch, type Connection } from "../api/watch";
import { contentOf } from "../chat/files";
import type { Draft } from "../chat/outbox";
import { Store } from "../chat/store";
import { Alerts, newsBetween } from "./alerts";
import { CannedReplies } from "./canned";
import { Channels } from "./channels";
import { Endings, type How } from "./endings";
import { Finder } from "./finder";
import { EMPTY, fold, fromList, notice, withAssignment, type Inbox } from "./inbox";
import { AllOutgoing } from "./outgoing";
import { Overviews } from "./overviews";
import { Heart } from "./presence";

export interface DeskState {
  inbox: Inbox;
  loaded: boolean;
  connection: Connection;
  /** The reason why the inbox can't be shown. */
  refused: Failure | undefined;
  /** The failure of the agent's last action. */
  failure: Failure | undefined;
  presence: PresenceState;
  /** A line that is shown for a few seconds. */
  notice: string;
  /** The handover that is being accepted. */
  accepting: string;
}

const NOTICE_MS = 6_000;
const LOOK_MS = 100;
const MAX_LOOKS = 50;
/** The reason of a handover that an agent asked for. */
const TAKEN = "Taken over by an agent";

/** Not an error: a colleague or the customer was faster. */
const LOST_RACES = ["HANDOVER_TAKEN", "HANDOVER_WITHDRAWN", "HANDOVER_NOT_FOUND"];

export class Desk {
  readonly store = new Store<DeskState>({
    inbox: EMPTY,
    loaded: false,
    connection: "connecting",
    refused: undefined,
    failure: undefined,
    presence: PresenceState.UNSPECIFIED,
    notice: "",
    accepting: "",
  });
  readonly #inbox;
  readonly #handovers;
  readonly #conversations;
  readonly #heart;
  /** The agent's messages that are not in the conversations yet. */
  readonly outgoing: AllOutgoing;
  /** The listed conversations as core has them. */
  readonly overviews: Overviews;
  readonly channels: Channels;
  readonly canned: CannedReplies;
  readonly finder: Finder;
  readonly alerts = new Alerts((conversation) => this.open(conversation));
  /** Ends of conversations that can still be undone. */
  readonly endings = new Endings((ending) => this.#finish(ending.conversation, ending.how));
  /** Shows a conversation; set by the page. */
  open: (conversation: string) => void = () => undefined;
  readonly #ended = new AbortController();
  readonly #me: string;
  #choosing = false;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly transport: Transport,
    /** `organizations/{organization}/users/{user}`. */
    user: string,
    private readonly signedOut: (why: Failure) => void,
  ) {
    this.#me = `${user.split("/users/")[0]}/agents/me`;
    this.outgoing = new AllOutgoing(user, (conversation, draft, signal) => this.#say(conversation, draft, signal));
    this.overviews = new Overviews(transport);
    this.#inbox = createClient(InboxService, transport);
    this.#handovers = createClient(HandoverService, transport);
    this.#conversations = createClient(ConversationService, transport);
    this.channels = new Channels(transport, this.#me);
    this.canned = new CannedReplies(transport, this.#me);
    this.finder = new Finder(transport, this.#me);
    this.#heart = new Heart(transport, `${this.#me}/presence`);
  }

  start(): void {
    this.store.subscribe(() => {
      const { entries, assignments } = this.store.get().inbox;
      this.overviews.follow([...entries, ...assignments].map(({ conversation }) => conversation));
    });
    this.outgoing.restore();
    window.addEventListener("pagehide", this.#leave);
    this.follow();
  }

  /** Ends that can still be undone happen before the page is gone. */
  #leave = (): void => this.endings.flush();

  /** Shows the inbox and follows it, until `stop`. */
  follow(): void {
    void watch<WatchInboxResponse>(
      {
        load: (signal) => this.#load(signal),
        open: (resumeToken, signal, opened) =>
          this.#inbox.watchInbox({ parent: this.#me, resumeToken }, { signal, onHeader: opened }),
        frame: (frame) => this.#frame(frame),
        connection: (connection, why) => {
          if (connection === "live" && this.store.get().connection !== "live") this.outgoing.hurry();
          if (connection === "lost" && why && isSignedOut(why)) this.signedOut(why);
          this.store.set({ connection, refused: connection === "lost" ? why : undefined });
        },
      },
      this.#ended.signal,
    );
  }

  stop(): void {
    window.removeEventListener("pagehide", this.#leave);
    this.endings.flush();
    this.#ended.abort();
    this.channels.stop();
    this.finder.stop();
    this.outgoing.stop();
    this.#heart.stop();
    clearTimeout(this.#noticeTimer);
  }

  async choose(presence: PresenceState): Promise<void> {
    const before = this.store.get().presence;
    this.store.set({ presence });
    this.#choosing = true;
    const done = await this.#try(() => this.#heart.choose(presence));
    this.#choosing = false;
    if (done === undefined) this.store.set({ presence: before });
  }

  /** Signing in sets the agent online. The inbox shows whether that worked. */
  async arrive(): Promise<void> {
    this.#choosing = true;
    const presence = await this.#heart.choose(PresenceState.ONLINE).catch(() => undefined);
    this.#choosing = false;
    if (presence !== undefined) this.store.set({ presence });
  }

  /** Accepts a waiting conversation. Returns whether this agent has it now. */
  async accept(handover: string): Promise<boolean> {
    if (this.store.get().accepting) return false;
    this.store.set({ accepting: handover });
    const done = await this.#try(() => this.#handovers.acceptHandover({ name: handover }, unary));
    const { inbox } = this.store.get();
    this.store.set({ accepting: "" });
    if (!done) return false;
    const entries = inbox.entries.filter((entry) => entry.handover !== handover);
    this.store.set({ inbox: { ...(done.assignment ? withAssignment(inbox, done.assignment) : inbox), entries } });
    return true;
  }

  /** Says that this agent won't take a waiting conversation; the others may. */
  async decline(handover: string): Promise<void> {
    if ((await this.#try(() => this.#handovers.declineHandover({ name: handover }, unary))) === undefined) return;
    const { inbox } = this.store.get();
    const entries = inbox.entries.map((entry) => (entry.handover === handover ? { ...entry, declined: true } : entry));
    this.store.set({ inbox: { ...inbox, entries } });
  }

  /** Passes a conversation to another agent. Returns whether that worked. */
  async transfer(conversation: string, agent: string): Promise<boolean> {
    return this.#end(conversation, () => this.#handovers.transferConversation({ name: conversation, agent }, unary));
  }

  /** Takes a conversation from the assistant. A closed one is opened again for it. Returns whether this agent has it now. */
  async takeOver(conversation: string, closed: boolean): Promise<boolean> {
    if (closed) {
      const call = () => this.#conversations.reopenConversation({ name: conversation }, { ...unary, ...about(conversation) });
      if ((await this.#try(call)) === undefined) return false;
    }
    const asked = await this.#try(() => this.#handovers.requestHandover({ name: conversation, reason: TAKEN }, unary));
    if (!asked) return false;
    const handover = asked.handover || (await this.#handoverOf(conversation));
    return handover !== "" && this.accept(handover);
  }

  /** Opens a closed conversation again: the assistant answers in it. */
  async reopen(conversation: string): Promise<void> {
    await this.#try(() => this.#conversations.reopenConversation({ name: conversation }, { ...unary, ...about(conversation) }));
  }

  /** The handover of a conversation, once it has come into the queue. */
  async #handoverOf(conversation: string): Promise<string> {
    for (let tries = 0; tries < MAX_LOOKS; tries += 1) {
      const found = this.store.get().inbox.entries.find((entry) => entry.conversation === conversation);
      if (found) return found.handover;
      await pause(LOOK_MS, this.#ended.signal);
    }
    return "";
  }

  #finish(conversation: string, how: How): Promise<boolean> {
    const request = { name: conversation };
    return this.#end(conversation, () =>
      how === "return" ? this.#handovers.returnToAssistant(request, unary) : this.#handovers.resolveConversation(request, unary),
    );
  }

  dismiss = (): void => this.store.set({ failure: undefined, notice: "" });

  /** Sends a message to the customer, or writes a note. Returns the message's name. */
  async #say(conversation: string, { text, files = [], requestId, note }: Draft, signal: AbortSignal): Promise<string> {
    const said = files.length > 0 ? { content: contentOf(text, files) } : { text };
    const request = { name: conversation, requestId, ...said };
    const call = note ? this.#inbox.addNote(request, { ...unary, signal }) : this.#inbox.reply(request, { ...unary, signal });
    return (await call).message;
  }

  async #end(conversation: string, call: () => Promise<unknown>): Promise<boolean> {
    if ((await this.#try(call)) === undefined) return false;
    const { inbox } = this.store.get();
    const assignments = inbox.assignments.filter((assignment) => assignment.conversation !== conversation);
    this.store.set({ inbox: { ...inbox, assignments } });
    return true;
  }

  async #try<T>(call: () => Promise<T>): Promise<T | undefined> {
    this.store.set({ failure: undefined });
    try {
      return await call();
    } catch (error) {
      const why = failure(error);
      if (LOST_RACES.includes(why.reason)) this.#tell(why.sentence);
      else this.store.set({ failure: why });
      return undefined;
    }
  }

  async #load(signal: AbortSignal): Promise<string> {
    const list = await this.#inbox.listInbox({ parent: this.#me }, { ...unary, signal });
    const inbox = fromList(list);
    const presence = inbox.presences.get(inbox.agent)?.state ?? PresenceState.OFFLINE;
    this.store.set({ inbox, loaded: true, ...(this.#choosing ? {} : { presence }) });
    return list.resumeToken;
  }

  #frame({ event }: WatchInboxResponse): void {
    if (event.case !== "inboxEvents") return;
    const { inbox: before } = this.store.get();
    let inbox = before;
    let said: string | undefined;
    for (const each of event.value.events) {
      said = this.#kept(each) ?? (notice(inbox, each) || said);
      inbox = fold(inbox, each);
    }
    this.store.set({ inbox, presence: inbox.presences.get(inbox.agent)?.state ?? this.store.get().presence });
    this.alerts.alert(newsBetween(before, inbox), this.store.get().presence);
    if (said) this.#tell(said);
  }

  /** Undoes the end of a conversation whose customer has just written. Returns the notice to the agent, if there was one to undo. */
  #kept({ change }: InboxEvent): string | undefined {
    if (change.case !== "messageCreated" || change.value.author !== ParticipantRole.CUSTOMER) return undefined;
    return this.endings.undo(change.value.conversation) ? "The customer wrote again, so the conversation stays with you." : undefined;
  }

  #tell(text: string): void {
    clearTimeout(this.#noticeTimer);
    this.store.set({ notice: text });
    this.#noticeTimer = setTimeout(() => this.store.set({ notice: "" }), NOTICE_MS);
  }
}
