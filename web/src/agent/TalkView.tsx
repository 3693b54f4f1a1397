/** One conversation as an agent sees it, with the agent's actions. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { useEffect, useId, useRef, useState, type Ref } from "react";

import { Announcer } from "../chat/Announcer";
import { Composer } from "../chat/Composer";
import { ConversationRows } from "../chat/ConversationRows";
import { ConversationList } from "../chat/conversations";
import { LinkTo } from "../chat/Parts";
import { Scroller } from "../chat/Scroller";
import { useStore } from "../chat/store";
import { Timeline } from "../chat/Timeline";
import { Button, IconButton } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { isolated, Name } from "../ui/Name";
import { useOnline } from "../ui/online";
import { Spinner } from "../ui/Spinner";
import { AboutPanel } from "./AboutPanel";
import type { Desk, DeskState } from "./desk";
import { customerName } from "./Lists";
import { Talk } from "./talk";

const LIMIT = 16_000;

interface Props {
  desk: Desk;
  state: DeskState;
  permissions: readonly string[];
  name: string;
  /** Shows another conversation. */
  choose: (conversation: string) => void;
  close: () => void;
}

export function TalkView({ desk, state, permissions, name, choose, close }: Props) {
  const [talk, setTalk] = useState<Talk>();
  useEffect(() => {
    const made = new Talk(desk, name);
    made.start();
    setTalk(made);
    return () => made.stop();
  }, [desk, name]);
  return talk ? <BesidePanel desk={desk} state={state} permissions={permissions} talk={talk} choose={choose} close={close} /> : null;
}

interface PanelProps extends Omit<ShownProps, "about" | "toggle" | "showAbout"> {
  permissions: readonly string[];
}

const WIDE = "(min-width: 80rem)";

/** The conversation, and beside it the panel about its customer: on a wide screen from the start, on a narrow one in its place. */
function BesidePanel({ permissions, ...props }: PanelProps) {
  const [about, setAbout] = useState<"" | "beside" | "asked">(() => (window.matchMedia(WIDE).matches ? "beside" : ""));
  const toggle = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setAbout("");
    requestAnimationFrame(() => toggle.current?.focus());
  };
  return (
    <div className="flex h-full">
      <div className={`h-full min-w-0 flex-1 ${about ? "hidden xl:block" : ""}`}>
        <Shown {...props} about={about ? id : ""} toggle={toggle} showAbout={() => (about ? close() : setAbout("asked"))} />
      </div>
      {about && (
        <AboutPanel
          id={id}
          live={props.talk.live}
          profile={props.talk.profile}
          permissions={permissions}
          takesFocus={about === "asked"}
          close={close}
        />
      )}
    </div>
  );
}

interface ShownProps {
  desk: Desk;
  state: DeskState;
  talk: Talk;
  choose: (conversation: string) => void;
  close: () => void;
  /** The panel's element id while it is shown; empty otherwise. */
  about: string;
  toggle: Ref<HTMLButtonElement>;
  showAbout: () => void;
}

function Shown({ desk, state, talk, choose, close, ...panel }: ShownProps) {
  const { view, loaded, connection, failure, olderToken, loadingOlder } = useStore(talk.live.store);
  const { drafts } = useStore(talk.outgoing.store);
  const online = useOnline();
  const [listing, setListing] = useState(false);
  if (connection === "lost") return <Gone sentence={failure?.sentence ?? "This conversation can't be shown."} close={close} />;
  return (
    <section aria-label="Conversation" className="flex h-full flex-col bg-surface">
      <Header desk={desk} state={state} talk={talk} close={close} listing={listing} list={() => setListing(!listing)} {...panel} />
      {listing && <OfCustomer desk={desk} customer={view.customer} shown={talk.name} open={choose} />}
      {loaded ? (
        <Scroller label="Messages" own={drafts.at(-1)?.requestId} first={`${view.messages[0]?.name} ${olderToken}`}>
          <div className="mx-auto max-w-3xl">
            <LinkTo value={talk.linkTo}>
              <Timeline
                view={view}
                drafts={drafts}
                complete={olderToken === ""}
                reader={ParticipantRole.AGENT}
                offline={!online}
                retry={talk.retry}
                discard={talk.discard}
                opening={
                  olderToken !== "" && (
                    <div className="flex justify-center pb-2">
                      <Button busy={loadingOlder} onClick={() => void talk.live.loadOlder()}>
                        Show earlier messages
                      </Button>
                    </div>
                  )
                }
              />
            </LinkTo>
          </div>
        </Scroller>
      ) : (
        <div role="status" aria-label="Loading the conversation" className="grid flex-1 place-items-center text-muted">
          <Spinner className="size-6" />
        </div>
      )}
      <Announcer view={view} reader={ParticipantRole.AGENT} loaded={loaded} />
      <Answering state={state} desk={desk} talk={talk} />
    </section>
  );
}

function useOwn(state: DeskState, talk: Talk): { mine: boolean; handover: string } {
  return {
    mine: state.inbox.assignments.some((assignment) => assignment.conversation === talk.name),
    handover: state.inbox.entries.find((entry) => entry.conversation === talk.name)?.handover ?? "",
  };
}

interface HeaderProps extends Omit<ShownProps, "choose"> {
  listing: boolean;
  list: () => void;
}

function Header({ desk, state, talk, close, listing, list, about, toggle, showAbout }: HeaderProps) {
  const { view } = useStore(talk.live.store);
  const { mine, handover } = useOwn(state, talk);
  const [ending, setEnding] = useState<"return" | "resolve" | "">("");
  const { customer } = useStore(talk.profile.store);
  const known = [...state.inbox.assignments, ...state.inbox.entries].find((entry) => entry.conversation === talk.name);
  const end = async (how: "return" | "resolve") => {
    setEnding(how);
    const done = how === "return" ? await desk.giveBack(talk.name) : await desk.resolve(talk.name);
    setEnding("");
    if (done && how === "resolve") close();
  };
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-3 py-2.5">
      <IconButton icon="back" label="Back to the list" onClick={close} className="md:hidden rtl:-scale-x-100" />
      <div className="min-w-40 flex-1 md:ps-2">
        <h2 className="truncate font-display text-lg leading-tight font-semibold">
          <Name>{customerName(customer?.displayName || (known?.customerDisplayName ?? ""), talk.name)}</Name>
        </h2>
        <p className="truncate text-xs text-muted">{standing(view.state, mine, view.agentName, view.handoverReason)}</p>
      </div>
      {view.customer && (
        <IconButton icon="list" label="Conversations of this customer" aria-expanded={listing} onClick={list} />
      )}
      <IconButton ref={toggle} icon="person" label="About this customer" aria-expanded={about !== ""} aria-controls={about || undefined} onClick={showAbout} />
      {mine && (
        <div className="flex w-full gap-2 *:flex-1 sm:w-auto sm:*:flex-none">
          <Button icon="assistant" busy={ending === "return"} onClick={() => void end("return")}>
            Return to assistant
          </Button>
          <Button icon="check" look="primary" busy={ending === "resolve"} onClick={() => void end("resolve")}>
            Resolve
          </Button>
        </div>
      )}
      {handover && (
        <Button look="primary" busy={state.accepting === handover} onClick={() => void desk.accept(handover)}>
          Accept
        </Button>
      )}
    </header>
  );
}

interface OfCustomerProps {
  desk: Desk;
  customer: string;
  shown: string;
  open: (conversation: string) => void;
}

/** All conversations of this customer, on every channel. */
function OfCustomer({ desk, customer, shown, open }: OfCustomerProps) {
  const [list] = useState(() => new ConversationList({ customer }, () => Promise.resolve(desk.transport)));
  const { loaded, failure } = useStore(list.store);
  useEffect(() => void list.load(), [list]);
  return (
    <nav aria-label="Conversations of this customer" className="max-h-64 overflow-y-auto border-b border-line p-2">
      {failure && (
        <p role="alert" className="p-2 text-sm text-danger">
          {failure.sentence}
        </p>
      )}
      {!loaded && !failure && <Spinner className="m-2 size-5" />}
      <ConversationRows list={list} shown={shown} reader={ParticipantRole.AGENT} open={open} />
    </nav>
  );
}

function standing(state: ConversationState, mine: boolean, agentName: string, reason: string): string {
  if (mine) return "You have this conversation";
  switch (state) {
    case ConversationState.AUTOMATED:
      return "The assistant is answering";
    case ConversationState.WAITING:
      return reason ? `Waiting for an agent: ${isolated(reason)}` : "Waiting for an agent";
    case ConversationState.ASSIGNED:
      return `${agentName ? isolated(agentName) : "Another agent"} has this conversation`;
    case ConversationState.CLOSED:
      return "Closed";
    default:
      return "";
  }
}

function Answering({ state, talk }: { state: DeskState; desk: Desk; talk: Talk }) {
  const { mine } = useOwn(state, talk);
  const [wanted, setWanted] = useState<"reply" | "note">("reply");
  const field = useRef<HTMLTextAreaElement>(null);
  const mode = mine ? wanted : "note"; // other agents can leave notes
  useEffect(() => {
    if (mine) field.current?.focus({ preventScroll: true });
  }, [mine]);
  return (
    <div className="mx-auto w-full max-w-3xl pt-2">
      <div role="group" aria-label="Kind of message" className="flex gap-1 px-4 pb-2">
        {mine && <Mode name="reply" mode={mode} label="Reply to the customer" set={setWanted} />}
        <Mode name="note" mode={mode} label="Note, for agents only" set={setWanted} />
      </div>
      <Composer
        key={mode}
        field={field}
        label={mode === "note" ? "Note" : "Reply"}
        placeholder={mode === "note" ? "Only agents see this…" : "Write to the customer…"}
        limit={LIMIT}
        keep={`frontdesk:${mode}:${talk.name}`}
        note={mode === "note"}
        files={mode === "note" ? talk.noteFiles : talk.files}
        onSend={(text, files) => talk.say(text, mode === "note", files)}
      >
        <span className="hidden sm:inline">Press Enter to send, Shift + Enter for a new line</span>
      </Composer>
    </div>
  );
}

interface ModeProps {
  name: "reply" | "note";
  mode: "reply" | "note";
  label: string;
  set: (mode: "reply" | "note") => void;
}

function Mode({ name, mode, label, set }: ModeProps) {
  const on = name === mode;
  return (
    <button
      type="button"
      aria-pressed={on}
      onClick={() => set(name)}
      className={`min-h-7 rounded-full px-3 text-xs font-semibold transition-colors ${
        on ? (name === "note" ? "bg-note text-on-note" : "bg-soft text-on-soft") : "text-muted hover:bg-sunken hover:text-ink"
      }`}
    >
      {label}
    </button>
  );
}

function Gone({ sentence, close }: { sentence: string; close: () => void }) {
  return (
    <div role="alert" className="grid h-full place-content-center justify-items-center gap-3 p-10 text-center">
      <Icon name="alert" className="size-8 text-danger" />
      <p>{sentence}</p>
      <Button onClick={close}>Back to the list</Button>
    </div>
  );
}
