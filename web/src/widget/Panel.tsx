/** The open chat: header, conversation and composer. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { Announcer } from "../chat/Announcer";
import type { DraftFile } from "../chat/files";
import { Composer } from "../chat/Composer";
import { LinkTo } from "../chat/Parts";
import { Scroller } from "../chat/Scroller";
import { useStore } from "../chat/store";
import { Timeline } from "../chat/Timeline";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { isolated } from "../ui/Name";
import { useOnline } from "../ui/online";
import { Spinner } from "../ui/Spinner";
import { isClosedToWriting, textKey, type Chat, type ChatState } from "./chat";
import { Conversations } from "./Conversations";
import { Opening, Problem, Skeleton } from "./Opening";
import { Standing } from "./Standing";

const LIMIT = 4000;

interface Props {
  chat: Chat;
  title: string;
  suggestions: readonly string[];
  /** It covers the page: nothing behind it can be reached. */
  modal: boolean;
  close: () => void;
}

export function Panel({ chat, title, suggestions, modal, close }: Props) {
  const state = useStore(chat.store);
  const online = useOnline();
  const field = useRef<HTMLTextAreaElement>(null);
  const [listing, setListing] = useState(false);
  const begun = state.view.messages.length > 0 || state.drafts.length > 0;
  useModal(modal);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  const say = (text: string, files: readonly DraftFile[] = []) => {
    chat.say(text, files);
    field.current?.focus();
  };
  const back = () => {
    setListing(false);
    requestAnimationFrame(() => field.current?.focus({ preventScroll: true })); // it is there again after this render
  };
  const startAnew = async () => {
    if (await chat.startAnew()) back();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.nativeEvent.isComposing) return;
    if (listing) back();
    else close();
  };

  return (
    <section
      role="dialog"
      aria-modal={modal}
      aria-label={`Chat with ${title}`}
      onKeyDown={onKeyDown}
      className="fixed inset-0 z-50 flex animate-rise flex-col overflow-hidden bg-surface sm:inset-auto sm:end-5 sm:bottom-24 sm:h-[min(42rem,calc(100dvh-8rem))] sm:w-[25.5rem] sm:rounded-3xl sm:border sm:border-line sm:shadow-panel"
    >
      <Header
        title={title}
        state={state}
        close={close}
        listing={listing}
        list={() => (listing ? back() : setListing(true))}
        anew={begun ? () => void startAnew() : undefined}
      />
      <Standing state={state} online={online} begun={begun} again={chat.again} dismiss={chat.dismissFailure} />
      {listing ? (
        <Conversations
          list={chat.list}
          shown={state.conversation}
          busy={state.startingAnew}
          open={(name) => {
            chat.open(name);
            back();
          }}
          startAnew={() => void startAnew()}
        />
      ) : (
        <LinkTo value={chat.linkTo}>
          <Body chat={chat} state={state} online={online} suggestions={suggestions} say={say} />
        </LinkTo>
      )}
      <Announcer view={state.view} reader={ParticipantRole.CUSTOMER} loaded={state.phase === "ready"} />
      {!listing && !isClosedToWriting(state) && (
        <Composer
          field={field}
          label="Your message"
          placeholder={placeholder(state)}
          limit={LIMIT}
          keep={textKey(state.conversation)}
          onSend={say}
          files={chat.files}
          onTyping={() => chat.typing()}
        >
          <HumanButton state={state} ask={() => void chat.askHuman()} />
        </Composer>
      )}
    </section>
  );
}

interface HeaderProps {
  title: string;
  state: ChatState;
  close: () => void;
  listing: boolean;
  list: () => void;
  anew: (() => void) | undefined;
}

function Header({ title, state, close, listing, list, anew }: HeaderProps) {
  const { view } = state;
  const human = view.state === ConversationState.ASSIGNED;
  return (
    <div className="flex items-center gap-3 border-b border-line py-2.5 ps-4 pe-2">
      <span className="relative grid size-10 shrink-0 place-items-center rounded-full bg-soft text-on-soft">
        <Icon name={human ? "person" : "assistant"} />
        <span className={`absolute end-0 bottom-0 size-2.5 rounded-full border-2 border-surface ${state.connection === "live" ? "bg-live" : "bg-edge"}`} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-display text-[1.05rem] leading-tight font-semibold">{title}</h2>
        <p className="truncate text-xs text-muted">{whoAnswers(state)}</p>
      </div>
      {anew && !listing && <IconButton icon="plus" label="Start a new chat" disabled={state.startingAnew} onClick={anew} />}
      <IconButton
        icon={listing ? "back" : "list"}
        label={listing ? "Back to the chat" : "Your conversations"}
        aria-expanded={listing}
        className={listing ? "rtl:-scale-x-100" : ""}
        onClick={list}
      />
      <IconButton icon="close" label="Close the chat" onClick={close} />
    </div>
  );
}

function whoAnswers({ view, phase }: ChatState): string {
  if (phase === "starting" && view.messages.length === 0) return "Connecting…";
  switch (view.state) {
    case ConversationState.WAITING:
      return "Waiting for an agent";
    case ConversationState.ASSIGNED:
      return `You're talking to ${view.agentName ? isolated(view.agentName) : "an agent"}`;
    case ConversationState.CLOSED:
      return "Closed";
    default:
      return "Assistant, answers with sources";
  }
}

function placeholder({ view }: ChatState): string {
  if (view.state === ConversationState.ASSIGNED) return `Write to ${view.agentName ? isolated(view.agentName) : "us"}…`;
  if (view.state === ConversationState.CLOSED) return "Write to reopen it…";
  return view.state === ConversationState.WAITING ? "Add something for our agents…" : "Ask a question…";
}

interface BodyProps {
  chat: Chat;
  state: ChatState;
  online: boolean;
  suggestions: readonly string[];
  say: (text: string) => void;
}

function Body({ chat, state, online, suggestions, say }: BodyProps) {
  const empty = state.view.messages.length === 0 && state.drafts.length === 0;
  if (state.phase === "expired" || (state.phase === "failed" && empty)) {
    return <Problem state={state} retry={chat.again} />;
  }
  const waiting = state.phase === "starting" || state.phase === "idle";
  return (
    <Scroller label="Conversation" own={state.drafts.at(-1)?.requestId} first={`${state.view.messages[0]?.name} ${state.hasOlder}`}>
      {waiting && empty ? (
        <Skeleton />
      ) : (
        <Timeline
          view={state.view}
          drafts={state.drafts}
          complete={!state.hasOlder}
          reader={ParticipantRole.CUSTOMER}
          offline={!online}
          retry={chat.retry}
          discard={chat.discard}
          offer={
            <Button icon="person" busy={state.askingHuman} onClick={() => void chat.askHuman()}>
              Yes, a human please
            </Button>
          }
          opening={
            state.hasOlder ? (
              <div className="flex justify-center pb-2">
                <Button busy={state.loadingOlder} onClick={chat.loadOlder}>
                  Show earlier messages
                </Button>
              </div>
            ) : (
              <Opening greeting={state.greeting} suggestions={empty ? suggestions : []} ask={say} />
            )
          }
        />
      )}
    </Scroller>
  );
}

function HumanButton({ state, ask }: { state: ChatState; ask: () => void }) {
  if (state.view.state !== ConversationState.AUTOMATED) {
    return <span className="hidden sm:inline">Press Enter to send, Shift + Enter for a new line</span>;
  }
  return (
    <button
      type="button"
      onClick={ask}
      disabled={state.askingHuman}
      className="-mx-1 inline-flex min-h-7 items-center gap-1.5 rounded-full px-2 font-semibold text-accent transition-colors hover:bg-soft hover:text-on-soft"
    >
      {state.askingHuman ? <Spinner className="size-3.5" /> : <Icon name="person" className="size-3.5" />}
      Talk to a human
    </button>
  );
}

/** While the panel covers the page, the page behind it neither scrolls nor takes the focus. */
function useModal(modal: boolean): void {
  useEffect(() => {
    if (!modal) return;
    const page = document.getElementById("page");
    page?.setAttribute("inert", "");
    document.documentElement.classList.add("overflow-hidden");
    return () => {
      page?.removeAttribute("inert");
      document.documentElement.classList.remove("overflow-hidden");
    };
  }, [modal]);
}
