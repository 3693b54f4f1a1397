/** The customer's chat: a session, its live conversation and what is on its way out, as one value for the screen. */

import { createClient } from "@connectrpc/connect";
import { SendState, WebChatService } from "@contracts/channel/v1/web_chat_service_pb";
import { ParticipantRole, type Message } from "@contracts/core/v1/message_pb";

import { failure, isSignedOut, type Failure } from "../api/errors";
import { unary } from "../api/transport";
import type { Connection } from "../api/watch";
import { EMPTY, type View } from "../chat/conversation";
import { LiveConversation, type LiveState } from "../chat/live";
import { Outbox, type Draft, type Sent } from "../chat/outbox";
import { Store } from "../chat/store";
import { SessionKeeper, type Signed } from "./session";

export interface ChatState {
  /** `idle` until somebody opens the chat; `expired` when the session has ended and its history cannot be read any more. */
  phase: "idle" | "starting" | "ready" | "failed" | "expired";
  failure: Failure | undefined;
  greeting: string;
  view: View;
  connection: Connection;
  drafts: readonly Draft[];
  hasOlder: boolean;
  loadingOlder: boolean;
  /** A call for a human is under way. */
  askingHuman: boolean;
  /** Answers that came while the panel was closed. */
  unread: number;
}

const IDLE: ChatState = {
  phase: "idle",
  failure: undefined,
  greeting: "",
  view: EMPTY,
  connection: "connecting",
  drafts: [],
  hasOlder: false,
  loadingOlder: false,
  askingHuman: false,
  unread: 0,
};

const TYPING_EVERY_MS = 3_000;

export class Chat {
  readonly store = new Store<ChatState>(IDLE);
  readonly #keeper: SessionKeeper;
  readonly #memoKey: string;
  #session: Signed | undefined;
  #live: LiveConversation | undefined;
  #starting: Promise<Signed> | undefined;
  #end = new AbortController();
  #outbox = this.#newOutbox();
  #shown = false;
  #typed = 0;
  /** What went wrong with what the customer did last. */
  #problem: Failure | undefined;

  constructor(channel: string) {
    this.#keeper = new SessionKeeper(channel);
    this.#memoKey = `frontdesk:${channel}:chat`;
    this.#keeper.onOtherSession(
      () => this.#session?.name,
      () => {
        this.#reset();
        this.start();
      },
    );
  }

  /** Takes up what this browser had; without a session nothing is asked of the server. */
  resume(): void {
    const kept = this.#keeper.kept();
    if (!kept) return;
    const memo = this.#memo();
    if (memo.conversation === kept.conversation && memo.drafts.length > 0) this.#outbox.restore(memo.drafts);
    this.start();
  }

  start(anew = false): void {
    void this.#started(anew).catch(() => undefined); // the state says what went wrong
  }

  /** The panel is open and looked at, or not. */
  show(shown: boolean): void {
    this.#shown = shown;
    if (shown) this.#seen();
  }

  say(text: string): void {
    this.#typed = 0;
    this.#outbox.add(text.trim());
  }

  retry = (requestId: string): void => this.#outbox.retry(requestId);

  discard = (requestId: string): void => this.#outbox.discard(requestId);

  loadOlder = (): void => void this.#live?.loadOlder();

  /** Tells the agents that the customer writes. A hint: whether it arrives does not matter. */
  typing(): void {
    if (!this.#session || Date.now() - this.#typed < TYPING_EVERY_MS) return;
    this.#typed = Date.now();
    const { conversation, transport } = this.#session;
    createClient(WebChatService, transport)
      .setTyping({ conversation, typing: true }, unary)
      .catch(() => undefined);
  }

  async askHuman(): Promise<void> {
    if (this.store.get().askingHuman) return;
    this.#tell(undefined);
    this.store.set({ askingHuman: true });
    try {
      const { conversation, transport } = await this.#started();
      const { state } = await createClient(WebChatService, transport).requestHuman({ conversation }, unary);
      const { view } = this.store.get();
      this.store.set({ view: { ...view, state, turn: null } });
    } catch (error) {
      this.#tell(failure(error));
    } finally {
      this.store.set({ askingHuman: false });
    }
  }

  /** Leaves this conversation for a new one. */
  startAnew(): void {
    this.#reset();
    this.start(true);
  }

  dismissFailure = (): void => {
    this.#live?.store.set({ failure: undefined });
    this.#tell(undefined);
  };

  #tell(problem: Failure | undefined): void {
    this.#problem = problem;
    this.store.set({ failure: problem ?? this.#live?.store.get().failure });
  }

  #reset(): void {
    this.#live?.stop();
    this.#end.abort();
    this.#session = this.#live = this.#starting = this.#problem = undefined;
    this.#outbox = this.#newOutbox();
    localStorage.removeItem(this.#memoKey);
    this.store.set(IDLE);
  }

  #started(anew = false): Promise<Signed> {
    const end = this.#end;
    this.#starting ??= this.#begin(anew, end.signal).catch((error: unknown) => {
      if (end.signal.aborted) throw error; // left behind by a reset
      this.#starting = undefined;
      this.store.set({ phase: "failed" });
      this.#tell(failure(error));
      throw error;
    });
    return this.#starting;
  }

  async #begin(anew: boolean, end: AbortSignal): Promise<Signed> {
    this.store.set({ phase: "starting" });
    this.#tell(undefined);
    const session = await this.#keeper.start(anew);
    end.throwIfAborted();
    this.#session = session;
    this.#live = new LiveConversation(session.transport, session.conversation);
    this.#live.store.subscribe(this.#follow);
    this.#live.start();
    this.store.set({ greeting: session.greeting });
    this.#remember();
    return session;
  }

  #follow = (): void => {
    const live = this.#live?.store.get();
    if (!live) return;
    this.#outbox.settle(live.view.messages.map((message) => message.requestId));
    this.store.set({
      view: live.view,
      connection: live.connection,
      failure: live.failure ?? this.#problem,
      hasOlder: live.olderToken !== "",
      loadingOlder: live.loadingOlder,
      phase: phaseOf(live),
    });
    if (live.loaded) this.#count(live.view.messages);
  };

  #count(messages: readonly Message[]): void {
    if (this.#shown) return this.#seen();
    const { seen } = this.#memo();
    const unread = messages.filter((message) => message.role !== ParticipantRole.CUSTOMER && message.seq > BigInt(seen));
    this.store.set({ unread: unread.length });
  }

  #seen(): void {
    const newest = this.store.get().view.messages.at(-1)?.seq;
    if (newest !== undefined) this.#remember(Number(newest));
    if (this.store.get().unread > 0) this.store.set({ unread: 0 });
  }

  #newOutbox(): Outbox {
    const end = new AbortController();
    this.#end = end;
    return new Outbox(
      {
        send: (draft, signal) => this.#send(draft, signal),
        changed: (drafts) => {
          this.store.set({ drafts });
          this.#remember();
        },
      },
      end.signal,
    );
  }

  async #send({ text, requestId }: Draft, signal: AbortSignal): Promise<Sent> {
    const { conversation, transport } = await this.#started();
    const client = createClient(WebChatService, transport);
    const { state, message } = await client.sendMessage({ conversation, text, requestId }, { ...unary, signal });
    if (state === SendState.QUEUED || !message) return "queued";
    this.#live?.add([message]);
    return "accepted";
  }

  #memo(): Memo {
    try {
      return { ...NO_MEMO, ...(JSON.parse(localStorage.getItem(this.#memoKey) ?? "{}") as Partial<Memo>) };
    } catch {
      return NO_MEMO;
    }
  }

  #remember(seen = this.#memo().seen): void {
    const conversation = this.#keeper.kept()?.conversation ?? "";
    const before = this.#memo();
    const same = before.conversation === conversation;
    const memo: Memo = { conversation, seen: same ? Math.max(seen, before.seen) : 0, drafts: this.store.get().drafts };
    localStorage.setItem(this.#memoKey, JSON.stringify(memo));
  }
}

/** What a reload should find again, beside the session. */
interface Memo {
  conversation: string;
  /** The newest message that was on the screen. */
  seen: number;
  drafts: readonly Draft[];
}

const NO_MEMO: Memo = { conversation: "", seen: 0, drafts: [] };

function phaseOf(live: LiveState): ChatState["phase"] {
  if (live.connection === "lost") return live.failure && isSignedOut(live.failure) ? "expired" : "failed";
  return live.loaded ? "ready" : "starting";
}
