/** The customer's chat: a session, its live conversation and its outbox, as one value for the screen. */

import { createClient } from "@connectrpc/connect";
import { SendState, WebChatService } from "@contracts/channel/v1/web_chat_service_pb";
import { ParticipantRole, type Message } from "@contracts/core/v1/message_pb";

import { failure, isSignedOut, isTransient, type Failure } from "../api/errors";
import { local } from "../api/storage";
import { downloadPath, organizationOf, upload } from "../api/media";
import { unary } from "../api/transport";
import { backoff, pause, type Connection } from "../api/watch";
import { EMPTY, type View } from "../chat/conversation";
import { contentOf, Files, type DraftFile } from "../chat/files";
import { LiveConversation, type LiveState } from "../chat/live";
import { Outbox, type Draft, type Sent } from "../chat/outbox";
import { Store } from "../chat/store";
import { SessionKeeper, type Signed } from "./session";

export interface ChatState {
  /** `idle` until the chat is opened; `expired` when the session has ended and its history cannot be read any more. */
  phase: "idle" | "starting" | "ready" | "failed" | "expired";
  failure: Failure | undefined;
  greeting: string;
  view: View;
  connection: Connection;
  drafts: readonly Draft[];
  hasOlder: boolean;
  loadingOlder: boolean;
  /** A request for a human is in progress. */
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
  /** The drafts that this tab has had: the others in the memo belong to other tabs. */
  readonly #ownDrafts = new Set<string>();
  #session: Signed | undefined;
  #live: LiveConversation | undefined;
  #starting: Promise<Signed> | undefined;
  #end = new AbortController();
  #outbox = this.#newOutbox();
  #shown = false;
  #typed = 0;
  /** The failure of the customer's last action. */
  #problem: Failure | undefined;

  constructor(channel: string) {
    this.#keeper = new SessionKeeper(channel);
    this.#memoKey = `frontdesk:${channel}:chat`;
    this.#keeper.onOtherSession(
      () => this.#session?.name,
      () => this.again(),
    );
  }

  /** Resumes this browser's session; without one it sends no request. */
  resume(): void {
    const kept = this.#keeper.kept();
    const memo = this.#memo();
    const drafts = memo.conversation === (kept?.conversation ?? "") ? memo.drafts : [];
    if (drafts.length > 0) this.#outbox.restore(drafts);
    if (kept || drafts.length > 0) this.start();
  }

  /** Opens the chat, and keeps trying while we cannot be reached. The state has the failure. */
  start(anew = false): void {
    void this.#opened(anew, this.#end.signal);
  }

  /** Begins again with the session that this browser has now, or a new one. Unsent messages move along. */
  again = (): void => {
    const drafts = this.store.get().drafts.filter(({ state }) => state !== "queued"); // those are in the old conversation
    this.#reset();
    if (drafts.length > 0) this.#outbox.restore(drafts);
    this.start();
  };

  /** Whether the panel is open and visible. */
  show(shown: boolean): void {
    this.#shown = shown;
    if (shown) this.#seen();
  }

  say(text: string, files: readonly DraftFile[] = []): void {
    this.#typed = 0;
    this.#outbox.add(text.trim(), false, files);
  }

  readonly files = new Files(async (file, requestId, signal, progress) => {
    const { conversation, transport } = await this.#started();
    return upload({ transport, parent: organizationOf(conversation), conversation, file, requestId, signal, progress });
  });

  linkTo = async (media: string): Promise<string> => downloadPath((await this.#started()).transport, media);

  retry = (requestId: string): void => this.#outbox.retry(requestId);

  discard = (requestId: string): void => this.#outbox.discard(requestId);

  loadOlder = (): void => void this.#live?.loadOlder();

  /** Signals to the agents that the customer types. It may get lost. */
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

  /** Leaves this conversation and its unsent messages for a new one. */
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
    this.store.set(IDLE);
    this.#remember();
  }

  async #opened(anew: boolean, end: AbortSignal): Promise<void> {
    for (let failures = 1; !end.aborted; failures += 1) {
      try {
        await this.#started(anew);
        return;
      } catch (error) {
        if (!isTransient(failure(error))) return;
      }
      await pause(backoff(failures), end);
    }
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
    if (this.store.get().phase !== "failed") this.store.set({ phase: "starting" });
    const session = await this.#keeper.start(anew);
    end.throwIfAborted();
    this.#tell(undefined);
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
    if (live.connection === "live" && this.store.get().connection !== "live") this.#outbox.hurry();
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
          if (end.signal.aborted) return; // left behind by a reset
          this.store.set({ drafts });
          this.#remember();
        },
      },
      end.signal,
    );
  }

  async #send({ text, files = [], requestId }: Draft, signal: AbortSignal): Promise<Sent> {
    const { conversation, transport } = await this.#started();
    const client = createClient(WebChatService, transport);
    const said = files.length > 0 ? { content: contentOf(text, files) } : { text };
    const { state, message } = await client.sendMessage({ conversation, requestId, ...said }, { ...unary, signal });
    if (state === SendState.QUEUED || !message) return "queued";
    this.#live?.add([message]);
    return "accepted";
  }

  #memo(): Memo {
    return { ...NO_MEMO, ...local.json<Partial<Memo>>(this.#memoKey) };
  }

  #remember(seen = this.#memo().seen): void {
    const conversation = this.#keeper.kept()?.conversation ?? "";
    const before = this.#memo();
    const same = before.conversation === conversation;
    const { drafts } = this.store.get();
    for (const { requestId } of drafts) this.#ownDrafts.add(requestId);
    const others = same ? before.drafts.filter(({ requestId }) => !this.#ownDrafts.has(requestId)) : [];
    const memo: Memo = { conversation, seen: same ? Math.max(seen, before.seen) : 0, drafts: [...others, ...drafts] };
    local.set(this.#memoKey, JSON.stringify(memo));
  }
}

/** State that survives a reload, beside the session. */
interface Memo {
  conversation: string;
  /** The newest message that was on the screen. */
  seen: number;
  drafts: readonly Draft[];
}

const NO_MEMO: Memo = { conversation: "", seen: 0, drafts: [] };

/** Whether the chat was closed by us: nothing can be written until that changes. */
export function isClosedToWriting({ phase, failure: why }: ChatState): boolean {
  return phase === "expired" || (phase === "failed" && why !== undefined && !isTransient(why));
}

function phaseOf(live: LiveState): ChatState["phase"] {
  if (live.connection === "lost") return live.failure && isSignedOut(live.failure) ? "expired" : "failed";
  return live.loaded ? "ready" : "starting";
}
