/** The customer's chat: a session, its live conversation and its outbox, as one value for the screen. */

import { Code, createClient } from "@connectrpc/connect";
import { SendState, WebChatService } from "@contracts/channel/v1/web_chat_service_pb";
import type { HumanAvailability } from "@contracts/channel/v1/widget_pb";
import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";

import { failure, isSignedOut, isTransient, type Failure } from "../api/errors";
import { tab } from "../api/storage";
import { downloadPath, organizationOf, upload } from "../api/media";
import { unary } from "../api/transport";
import { backoff, pause, type Connection } from "../api/watch";
import { EMPTY, type View } from "../chat/conversation";
import { ConversationList } from "../chat/conversations";
import { contentOf, Files, type DraftFile } from "../chat/files";
import { LiveConversation, type LiveState } from "../chat/live";
import { newId, type Draft, type Sent } from "../chat/outbox";
import { Store } from "../chat/store";
import { ChatMail, type MailLink } from "./mail";
import { Memos, Room } from "./room";
import { ReadMarks } from "./reading";
import { SessionKeeper, type Kept, type Opener, type Signed } from "./session";

export interface ChatState {
  /** `idle` while there is no session, because nothing was sent yet; `expired` when the session has ended and its history cannot be read any more. */
  phase: "idle" | "starting" | "ready" | "failed" | "expired";
  failure: Failure | undefined;
  /** The one that is shown; empty until there is a session. */
  conversation: string;
  /** It began on this screen, so that there is nothing to wait for. */
  fresh: boolean;
  greeting: string;
  view: View;
  connection: Connection;
  drafts: readonly Draft[];
  hasOlder: boolean;
  /** The assistant quotes pages: no model is connected. */
  quotesOnly: boolean;
  loadingOlder: boolean;
  /** A request for a human is in progress. */
  askingHuman: boolean;
  /** Whether a human is there, while the customer waits for one; undefined: not known yet. */
  availability: HumanAvailability | undefined;
  /** The customer is leaving the queue. */
  leavingQueue: boolean;
  /** A rating is on its way. */
  rating: boolean;
  /** Another conversation is being started. */
  startingNew: boolean;
  /** Answers that came while the panel was closed. */
  unread: number;
}

const IDLE: ChatState = {
  phase: "idle",
  failure: undefined,
  conversation: "",
  fresh: true,
  greeting: "",
  view: EMPTY,
  connection: "connecting",
  drafts: [],
  hasOlder: false,
  quotesOnly: false,
  loadingOlder: false,
  askingHuman: false,
  availability: undefined,
  leavingQueue: false,
  rating: false,
  startingNew: false,
  unread: 0,
};

const TYPING_EVERY_MS = 3_000;

export class Chat {
  readonly store = new Store<ChatState>(IDLE);
  readonly list: ConversationList;
  readonly mail = new ChatMail(async () => (await this.#started()).transport);
  readonly #keeper: SessionKeeper;
  readonly #memos: Memos;
  readonly #tabKey: string;
  readonly #rooms = new Map<string, Room>();
  readonly #reads = new ReadMarks();
  /** The conversation that is shown. */
  #room: Room;
  #session: Signed | undefined;
  #live: LiveConversation | undefined;
  /** Coming back to the session that this browser has. */
  #resuming: Promise<Signed | undefined> | undefined;
  #opening: Promise<Signed> | undefined;
  #attempt = new AbortController();
  #shown = false;
  #typed = 0;
  /** The failure of the customer's last action. */
  #problem: Failure | undefined;

  constructor(
    private readonly channel: string,
    opener: () => Opener,
  ) {
    this.#keeper = new SessionKeeper(channel, opener);
    this.#memos = new Memos(`frontdesk:${channel}:chat`);
    this.#tabKey = `frontdesk:${channel}:conversation`;
    this.#room = this.#roomOf(tab.get(this.#tabKey) ?? this.#keeper.kept()?.conversation ?? "");
    this.store.set({ conversation: this.#room.name });
    this.list = new ConversationList({ channel }, async () => (await this.#started()).transport);
    this.#keeper.onOtherSession(
      () => this.#session?.name,
      () => this.#opening && !this.#session ? undefined : this.again(), // what is being opened will be that session
    );
    this.#memos.onChange(() => this.#count());
  }

  /** Resumes this browser's session; without one it sends no request. */
  resume(): void {
    const unsent = Object.entries(this.#memos.all()).filter(([, { drafts }]) => drafts.length > 0);
    for (const [name, { drafts }] of unsent) this.#roomOf(name).outbox.restore(drafts);
    if (this.#keeper.kept() || unsent.length > 0) this.start();
  }

  /** Whether this browser has a session of the customer. */
  get isKnown(): boolean {
    const kept = this.#keeper.kept();
    return kept !== undefined && (kept.subject ?? "") === this.#keeper.subject;
  }

  /** Comes back to the customer's conversations, and keeps trying while we cannot be reached. The state has the failure. */
  start(): void {
    void this.#tryToResume(this.#attempt.signal);
  }

  /** Begins again with the session that this browser has now, or without one. Unsent messages move along. */
  again = (): void => {
    if (this.store.get().failure?.code === Code.NotFound) this.#keeper.forget(); // the session's customer has gone
    this.#attempt.abort();
    this.#attempt = new AbortController();
    this.#live?.stop();
    this.#session = this.#live = this.#resuming = this.#opening = this.#problem = undefined;
    this.store.set({ ...IDLE, conversation: this.#room.name, drafts: this.#room.drafts });
    this.start();
  };

  /** Continues the conversation of a link in a mail, in place of what this browser had. Rejects with a ConnectError. */
  resumeBy = async (link: MailLink): Promise<void> => {
    const { conversation } = await this.#keeper.resumeBy(link);
    this.open(conversation);
    this.again();
  };

  /** Shows another conversation. Unsent messages of this one still leave. */
  open = (name: string): void => {
    if (name === this.#room.name) return;
    this.files.take(); // they belong to the conversation that is left
    this.#enter(this.#roomOf(name));
  };

  /** Starts another conversation and shows it. An empty one is as good as a new one. Returns whether it is shown. */
  startNew = async (): Promise<boolean> => {
    const { view, drafts, phase, startingNew } = this.store.get();
    if (startingNew) return false;
    if (phase === "ready" && view.messages.length === 0 && drafts.length === 0) return true;
    this.#tell(undefined);
    this.store.set({ startingNew: true });
    try {
      const { transport } = await this.#started();
      this.#newRequest ??= newId(); // the same for the next try, so that a lost answer starts no second one
      const request = { parent: this.channel, requestId: this.#newRequest };
      const { conversation } = await createClient(WebChatService, transport).createConversation(request, unary);
      this.#newRequest = undefined;
      this.open(conversation);
      return true;
    } catch (error) {
      this.#tell(failure(error));
      return false;
    } finally {
      this.store.set({ startingNew: false });
    }
  };
  #newRequest: string | undefined;

  /** Whether the panel is open and visible. */
  show(shown: boolean): void {
    this.#shown = shown;
    if (shown) this.#seen();
  }

  say(text: string, files: readonly DraftFile[] = []): void {
    this.#typed = 0;
    this.#room.outbox.add(text.trim(), false, files);
  }

  readonly files = new Files(async (file, requestId, signal, progress) => {
    const { transport } = await this.#started();
    const { name: conversation } = this.#room; // it has its name now
    return upload({ transport, parent: organizationOf(conversation), conversation, file, requestId, signal, progress });
  });

  linkTo = async (media: string): Promise<string> => downloadPath((await this.#started()).transport, media);

  retry = (requestId: string): void => this.#room.outbox.retry(requestId);

  discard = (requestId: string): void => this.#room.outbox.discard(requestId);

  loadOlder = (): void => void this.#live?.loadOlder();

  /** Signals to the agents that the customer types. It may get lost. */
  typing(): void {
    if (!this.#session || Date.now() - this.#typed < TYPING_EVERY_MS) return;
    this.#typed = Date.now();
    createClient(WebChatService, this.#session.transport)
      .setTyping({ conversation: this.#room.name, typing: true }, unary)
      .catch(() => undefined);
  }

  async askHuman(): Promise<void> {
    if (this.store.get().askingHuman) return;
    this.#tell(undefined);
    this.store.set({ askingHuman: true });
    try {
      const { transport } = await this.#started();
      const room = this.#room;
      const { state } = await createClient(WebChatService, transport).requestHuman({ conversation: room.name }, unary);
      const { view } = this.store.get();
      if (room === this.#room) this.store.set({ view: { ...view, state, turn: null } });
    } catch (error) {
      this.#tell(failure(error));
    } finally {
      this.store.set({ askingHuman: false });
    }
  }

  /** Leaves the queue for a human: the assistant continues. */
  leaveQueue = async (): Promise<void> => {
    if (this.store.get().leavingQueue) return;
    this.#tell(undefined);
    this.store.set({ leavingQueue: true });
    try {
      const room = this.#room;
      const { transport } = await this.#started();
      const { state } = await createClient(WebChatService, transport).leaveQueue({ conversation: room.name }, unary);
      if (room === this.#room) this.store.set({ view: { ...this.store.get().view, state }, availability: undefined });
    } catch (error) {
      this.#tell(failure(error));
    } finally {
      this.store.set({ leavingQueue: false });
    }
  };

  /** Looks whether a human is there. Without an answer the last one stays. */
  lookForHumans = async (): Promise<void> => {
    const room = this.#room;
    if (!this.#session || this.store.get().view.state !== ConversationState.WAITING) return;
    const client = createClient(WebChatService, this.#session.transport);
    const availability = await client.getHumanAvailability({ conversation: room.name }, unary).catch(() => undefined);
    if (availability && room === this.#room) this.store.set({ availability });
  };

  /** Rates the conversation from 1 (bad) to 5 (good). Returns whether it is stored. */
  rate = async (score: number, comment: string): Promise<boolean> => {
    if (this.store.get().rating) return false;
    this.#tell(undefined);
    this.store.set({ rating: true });
    try {
      const { transport } = await this.#started();
      await createClient(WebChatService, transport).rateConversation({ conversation: this.#room.name, score, comment }, unary);
      return true;
    } catch (error) {
      this.#tell(failure(error));
      return false;
    } finally {
      this.store.set({ rating: false });
    }
  };

  dismissFailure = (): void => {
    this.#live?.store.set({ failure: undefined });
    this.#tell(undefined);
  };

  #tell(problem: Failure | undefined): void {
    this.#problem = problem;
    this.store.set({ failure: problem ?? this.#live?.store.get().failure });
  }

  #roomOf(name: string): Room {
    const known = this.#rooms.get(name);
    if (known) return known;
    const changed = (room: Room) => {
      if (room === this.#room) this.store.set({ drafts: room.drafts });
      this.#memos.keep(room);
    };
    const made = new Room(name, (room, draft, signal) => this.#send(room, draft, signal), changed);
    this.#rooms.set(name, made);
    return made;
  }

  async #tryToResume(end: AbortSignal): Promise<void> {
    for (let failures = 1; !end.aborted; failures += 1) {
      try {
        await this.#resumed();
        return;
      } catch (error) {
        if (!isTransient(failure(error))) return;
      }
      await pause(backoff(failures), end);
    }
  }

  #resumed(): Promise<Signed | undefined> {
    this.#resuming ??= this.#attempted(() => this.#keeper.resume());
    return this.#resuming;
  }

  /** The session. The customer's first act opens one. */
  async #started(): Promise<Signed> {
    const end = this.#attempt.signal;
    try {
      const resumed = await this.#resumed();
      if (resumed) return resumed;
      this.#opening ??= this.#attempted(() => this.#keeper.open());
      return await this.#opening;
    } catch (error) {
      if (end.aborted) return this.#started(); // another beginning has taken its place
      throw error;
    }
  }

  async #attempted<Found extends Signed | undefined>(find: () => Promise<Found>): Promise<Found> {
    const end = this.#attempt.signal;
    try {
      const before = this.#keeper.kept();
      if (before && this.store.get().phase === "idle") this.store.set({ phase: "starting", fresh: false });
      const found = await find();
      end.throwIfAborted();
      this.#takes(found, before);
      return found;
    } catch (error) {
      if (end.aborted) throw error; // left behind by another beginning
      this.#resuming = this.#opening = undefined;
      this.store.set({ phase: "failed" });
      this.#tell(failure(error));
      throw error;
    }
  }

  /** Shows the conversation of a session, or an empty one without any. `before`: what this browser kept before it was there. */
  #takes(session: Signed | undefined, before: Kept | undefined): void {
    this.#session = session;
    const subject = session?.subject ?? this.#keeper.subject;
    const samePerson = before === undefined || (before.subject ?? "") === subject;
    if (!session) {
      tab.remove(this.#tabKey);
      if (this.#room.name !== "") this.#move("", samePerson);
      const { drafts } = this.#room;
      if (this.store.get().phase === "failed" && drafts.length > 0) return; // they open a session, or fail again
      this.#problem = undefined;
      this.store.set({ ...IDLE, drafts });
      return;
    }
    this.#tell(undefined);
    if (this.#room.name === "" || session.customer !== before?.customer) this.#move(session.newest, samePerson);
    this.store.set({ greeting: session.greeting });
    this.#enter(this.#room);
  }

  /**
   * The customer is another one, or has just begun: what is not sent yet goes to their conversation. Of another person, who was
   * signed in before, nothing does.
   */
  #move(name: string, samePerson: boolean): void {
    const all = [...this.#rooms.values()].filter((room) => room.name !== name);
    const target = this.#roomOf(name);
    if (samePerson || this.#room.name === "") moveText(this.#room.name, name);
    if (this.#room.name !== "") this.files.take(); // they belong to that conversation
    for (const room of all) {
      room.stop();
      this.#rooms.delete(room.name);
      this.#memos.forget(room.name);
    }
    this.#room = target;
    const own = all.filter((room) => samePerson || room.name === "");
    const unsent = own.flatMap(({ drafts }) => drafts).filter(({ state }) => state !== "queued"); // those are in the old one
    if (unsent.length > 0) target.outbox.restore(unsent);
  }

  /** Shows a room: its messages, and what happens in it. */
  #enter(room: Room): void {
    const { greeting, startingNew, failure: problem, conversation: shown, fresh } = this.store.get();
    this.#live?.stop();
    this.#live = undefined;
    this.#room = room;
    const { name: conversation, drafts } = room;
    const begins = fresh && shown === "";
    this.store.set({ ...IDLE, phase: "starting", conversation, fresh: begins, greeting, startingNew, failure: problem, drafts });
    if (!this.#session) return;
    tab.set(this.#tabKey, room.name);
    this.#keeper.shows(room.name);
    this.#live = new LiveConversation(this.#session.transport, room.name);
    this.#live.store.subscribe(this.#follow);
    this.#live.start();
  }

  #follow = (): void => {
    const live = this.#live?.store.get();
    if (!live) return;
    if (live.failure?.code === Code.NotFound && this.#leaves()) return;
    if (live.connection === "live" && this.store.get().connection !== "live") {
      for (const { outbox } of this.#rooms.values()) outbox.hurry();
    }
    this.#room.outbox.settle(live.view.messages.map((message) => message.requestId));
    this.store.set({
      view: live.view,
      connection: live.connection,
      failure: live.failure ?? this.#problem,
      hasOlder: live.olderToken !== "",
      quotesOnly: live.quotesOnly,
      loadingOlder: live.loadingOlder,
      phase: phaseOf(live),
    });
    this.#count();
  };

  /** The conversation is not the customer's any more: shows the one they began last. */
  #leaves(): boolean {
    const newest = this.#keeper.kept()?.newest;
    if (!newest || newest === this.#room.name) return false;
    this.open(newest);
    return true;
  }

  /** Counts what no tab of this browser has shown. */
  #count(): void {
    if (!this.#live?.store.get().loaded) return;
    if (this.#shown) return this.#seen();
    const { seen } = this.#memos.of(this.#room.name);
    const unread = this.store.get().view.messages.filter((message) => message.role !== ParticipantRole.CUSTOMER && message.seq > BigInt(seen));
    this.store.set({ unread: unread.length });
  }

  #seen(): void {
    const newest = this.store.get().view.messages.at(-1)?.seq;
    if (newest !== undefined) {
      this.#memos.keep(this.#room, Number(newest));
      if (this.#session) this.#reads.mark(this.#session.transport, this.#room.name, newest);
    }
    if (this.store.get().unread > 0) this.store.set({ unread: 0 });
  }

  async #send(room: Room, { text, files = [], requestId }: Draft, signal: AbortSignal): Promise<Sent> {
    const { transport } = await this.#started();
    signal.throwIfAborted(); // its drafts have moved
    const conversation = room.name;
    const client = createClient(WebChatService, transport);
    const said = files.length > 0 ? { content: contentOf(text, files) } : { text };
    const { state, message } = await client.sendMessage({ conversation, requestId, ...said }, { ...unary, signal });
    if (state === SendState.QUEUED || !message) return "queued";
    if (room === this.#room) this.#live?.add([message]);
    return "accepted";
  }
}

/** Under which name an unfinished text of a conversation is kept in this tab. */
export function textKey(conversation: string): string {
  return `frontdesk:draft:${conversation}`;
}

/** Takes an unfinished text to the conversation that stands in for another one. */
function moveText(from: string, to: string): void {
  const text = tab.get(textKey(from));
  if (text === null) return;
  tab.set(textKey(to), text);
  tab.remove(textKey(from));
}

/** Whether the chat was closed by us: nothing can be written until that changes. */
export function isClosedToWriting({ phase, failure: why }: ChatState): boolean {
  return phase === "expired" || (phase === "failed" && why !== undefined && !isTransient(why));
}

function phaseOf(live: LiveState): ChatState["phase"] {
  if (live.connection === "lost") return live.failure && isSignedOut(live.failure) ? "expired" : "failed";
  return live.loaded ? "ready" : "starting";
}
