/** The state behind an agent's screen: the inbox, the presence, and the agent's actions on conversations. */

import { createClient, type Transport } from "@connectrpc/connect";
import { HandoverService } from "@contracts/agent/v1/handover_service_pb";
import { InboxService, type WatchInboxResponse } from "@contracts/agent/v1/inbox_service_pb";
import { PresenceState } from "@contracts/agent/v1/presence_pb";

import { failure, isSignedOut, type Failure } from "../api/errors";
import { unary } from "../api/transport";
import { watch, type Connection } from "../api/watch";
import { contentOf } from "../chat/files";
import type { Draft } from "../chat/outbox";
import { Store } from "../chat/store";
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
  readonly #heart;
  /** The agent's messages that are not in the conversations yet. */
  readonly outgoing: AllOutgoing;
  /** The listed conversations as core has them. */
  readonly overviews: Overviews;
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
    this.#heart = new Heart(transport, `${this.#me}/presence`);
  }

  start(): void {
    this.store.subscribe(() => {
      const { entries, assignments } = this.store.get().inbox;
      this.overviews.follow([...entries, ...assignments].map(({ conversation }) => conversation));
    });
    this.outgoing.restore();
    this.follow();
  }

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
    this.#ended.abort();
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

  async giveBack(conversation: string): Promise<boolean> {
    return this.#end(conversation, () => this.#handovers.returnToAssistant({ name: conversation }, unary));
  }

  async resolve(conversation: string): Promise<boolean> {
    return this.#end(conversation, () => this.#handovers.resolveConversation({ name: conversation }, unary));
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
    if (event.case !== "inboxEvent") return;
    const { inbox } = this.store.get();
    const said = notice(inbox, event.value);
    const next = fold(inbox, event.value);
    this.store.set({ inbox: next, presence: next.presences.get(next.agent)?.state ?? this.store.get().presence });
    if (said) this.#tell(said);
  }

  #tell(text: string): void {
    clearTimeout(this.#noticeTimer);
    this.store.set({ notice: text });
    this.#noticeTimer = setTimeout(() => this.store.set({ notice: "" }), NOTICE_MS);
  }
}
