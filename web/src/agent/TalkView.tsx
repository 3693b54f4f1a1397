/** One conversation as an agent sees it, with the agent's actions. */

import type { QueueEntry } from "@contracts/agent/v1/queue_pb";
import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { useCallback, useEffect, useId, useRef, useState, type Ref } from "react";

import { Announcer } from "../chat/Announcer";
import { ConversationRows } from "../chat/ConversationRows";
import { ConversationList } from "../chat/conversations";
import { DeliveryOf } from "../chat/delivery";
import { LinkTo, Refetch } from "../chat/Parts";
import { Scroller } from "../chat/Scroller";
import { useStore } from "../chat/store";
import { Timeline } from "../chat/Timeline";
import { may } from "../api/bearer";
import { Button, IconButton } from "../ui/Button";
import { Banner } from "../ui/Banner";
import { customerName } from "../ui/customer";
import { Icon } from "../ui/Icon";
import { isolated, Name } from "../ui/Name";
import { useOnline } from "../ui/online";
import { Spinner } from "../ui/Spinner";
import { AboutPanel } from "./AboutPanel";
import { Answering, isUnsent } from "./Answering";
import { channelText } from "./channels";
import type { Desk, DeskState } from "./desk";
import type { How } from "./endings";
import { Talk } from "./talk";
import { Transfer } from "./Transfer";

interface Props {
  desk: Desk;
  state: DeskState;
  permissions: readonly string[];
  /** The agent's display name. */
  user: string;
  name: string;
  /** Shows another conversation. */
  choose: (conversation: string) => void;
  close: () => void;
}

export function TalkView({ desk, state, permissions, user, name, choose, close }: Props) {
  const [talk, setTalk] = useState<Talk>();
  useEffect(() => {
    const made = new Talk(desk, name);
    made.start();
    setTalk(made);
    return () => made.stop();
  }, [desk, name]);
  return talk ? <BesidePanel desk={desk} state={state} permissions={permissions} user={user} talk={talk} choose={choose} close={close} /> : null;
}

type PanelProps = Omit<ShownProps, "about" | "toggle" | "showAbout">;

const WIDE = "(min-width: 80rem)";

/** The conversation, and beside it the panel about its customer: on a wide screen from the start, on a narrow one in its place. */
function BesidePanel(props: PanelProps) {
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
          permissions={props.permissions}
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
  permissions: readonly string[];
  user: string;
  choose: (conversation: string) => void;
  close: () => void;
  /** The panel's element id while it is shown; empty otherwise. */
  about: string;
  toggle: Ref<HTMLButtonElement>;
  showAbout: () => void;
}

/** The part that is open below the header: a list, or the question before an end with an unsent reply. */
type Below = "list" | "transfer" | How;

function Shown({ desk, state, talk, permissions, user, choose, close, ...panel }: ShownProps) {
  const { view, loaded, connection, failure, olderToken, loadingOlder } = useStore(talk.live.store);
  const { drafts } = useStore(talk.outgoing.store);
  const online = useOnline();
  const { mine } = useOwn(state, desk, talk);
  const [shown, setShown] = useState<"" | Below>("");
  const closeTransfer = useCallback(() => {
    setShown("");
    focusSoon('main button[aria-keyshortcuts="t"]');
  }, []);
  const end = (how: How) => {
    setShown("");
    desk.endings.begin({ conversation: talk.name, how });
    if (how !== "resolve") return;
    close();
    focusSoon("main nav h2[tabindex]");
  };
  useStore(talk.deliveries.store);
  if (connection === "lost") return <Gone sentence={failure?.sentence ?? "This conversation can't be shown."} close={close} />;
  return (
    <section aria-label="Conversation" className="flex h-full flex-col bg-surface">
      <Header
        desk={desk}
        state={state}
        talk={talk}
        permissions={permissions}
        close={close}
        shown={shown}
        show={(what) => setShown(shown === what ? "" : what)}
        end={(how) => (isUnsent(talk) ? setShown(how) : end(how))}
        {...panel}
      />
      {shown === "transfer" && <Transfer desk={desk} conversation={talk.name} me={state.inbox.agent} close={closeTransfer} />}
      {(shown === "resolve" || shown === "return") && <Unsent how={shown} end={() => end(shown)} stay={() => setShown("")} />}
      {shown === "list" && <OfCustomer desk={desk} customer={view.customer} shown={talk.name} open={choose} />}
      {loaded ? (
        <Scroller label="Messages" own={drafts.at(-1)?.requestId} first={`${view.messages[0]?.name} ${olderToken}`}>
          <div className="mx-auto max-w-3xl">
            <LinkTo value={talk.linkTo}>
              <Refetch value={talk.refetch}>
              <DeliveryOf value={(message) => talk.deliveries.shown(message)}>
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
              </DeliveryOf>
              </Refetch>
            </LinkTo>
          </div>
        </Scroller>
      ) : (
        <div role="status" aria-label="Loading the conversation" className="grid flex-1 place-items-center text-muted">
          <Spinner className="size-6" />
        </div>
      )}
      <Announcer view={view} reader={ParticipantRole.AGENT} loaded={loaded} />
      <Answering desk={desk} talk={talk} mine={mine} agent={user} onSaid={() => (shown === "resolve" || shown === "return") && setShown("")} />
    </section>
  );
}

/** Moves the focus after something was closed: otherwise keys and screen readers begin at the top again. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}

function useOwn(state: DeskState, desk: Desk, talk: Talk): { mine: boolean; entry: QueueEntry | undefined } {
  const { pending } = useStore(desk.endings.store);
  const ending = pending.some(({ conversation }) => conversation === talk.name);
  return {
    mine: !ending && state.inbox.assignments.some((assignment) => assignment.conversation === talk.name),
    entry: state.inbox.entries.find((entry) => entry.conversation === talk.name),
  };
}

interface HeaderProps extends Omit<ShownProps, "choose" | "user"> {
  shown: "" | Below;
  show: (what: "list" | "transfer") => void;
  /** Ends the conversation, or asks first. */
  end: (how: How) => void;
}

function Header({ desk, state, talk, permissions, close, shown, show, end, about, toggle, showAbout }: HeaderProps) {
  const { view } = useStore(talk.live.store);
  const { mine, entry } = useOwn(state, desk, talk);
  const { byName } = useStore(desk.channels.store);
  const { customer } = useStore(talk.profile.store);
  const known = [...state.inbox.assignments, ...state.inbox.entries].find(({ conversation }) => conversation === talk.name);
  const subtitle = [channelText(byName.get(view.channel)), standing(view.state, mine, view.agentName, view.handoverReason)];
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-surface px-3 py-2.5">
      <IconButton icon="back" label="Back to the list" onClick={close} className="md:hidden rtl:-scale-x-100" />
      <div className="min-w-40 flex-1 md:ps-2">
        <h2 className="truncate font-display text-lg leading-tight font-semibold">
          <Name>{customerName(customer?.displayName || (known?.customerDisplayName ?? ""), view.customer || (known?.customer ?? ""))}</Name>
        </h2>
        <p className="truncate text-xs text-muted">{subtitle.filter(Boolean).join(" · ")}</p>
      </div>
      {view.customer && (
        <IconButton icon="list" label="Conversations of this customer" aria-expanded={shown === "list"} onClick={() => show("list")} />
      )}
      <IconButton ref={toggle} icon="person" label="About this customer" aria-expanded={about !== ""} aria-controls={about || undefined} aria-keyshortcuts="o" onClick={showAbout} />
      {mine && (
        <div className="flex w-full gap-2 *:flex-1 sm:w-auto sm:*:flex-none">
          <Button icon="transfer" aria-keyshortcuts="t" aria-expanded={shown === "transfer"} onClick={() => show("transfer")}>
            Transfer
          </Button>
          <Button icon="assistant" aria-keyshortcuts="b" onClick={() => end("return")}>
            Return to assistant
          </Button>
          <Button icon="check" look="primary" aria-keyshortcuts="e" onClick={() => end("resolve")}>
            Resolve
          </Button>
        </div>
      )}
      {entry && (
        <div className="flex gap-2">
          {!entry.declined && <Button aria-keyshortcuts="d" onClick={() => void desk.decline(entry.handover)}>Decline</Button>}
          <Button look="primary" aria-keyshortcuts="a" busy={state.accepting === entry.handover} onClick={() => void desk.accept(entry.handover)}>
            Accept
          </Button>
        </div>
      )}
      {!mine && !entry && <Take desk={desk} talk={talk} permissions={permissions} />}
    </header>
  );
}

/** Takes a conversation that the assistant has or that is closed; a closed one can also go back to the assistant. */
function Take({ desk, talk, permissions }: { desk: Desk; talk: Talk; permissions: readonly string[] }) {
  const { view } = useStore(talk.live.store);
  const [busy, setBusy] = useState<"" | "take" | "reopen">("");
  const closed = view.state === ConversationState.CLOSED;
  const mayTake = may(permissions, "agent.handovers.request") && may(permissions, "agent.handovers.accept");
  const mayReopen = may(permissions, "core.conversations.update");
  const run = async (what: "take" | "reopen", action: () => Promise<unknown>) => {
    setBusy(what);
    await action();
    setBusy("");
  };
  if (!closed && view.state !== ConversationState.AUTOMATED) return null;
  return (
    <div className="flex gap-2">
      {closed && mayReopen && (
        <Button icon="retry" busy={busy === "reopen"} disabled={busy !== ""} onClick={() => void run("reopen", () => desk.reopen(talk.name))}>
          Reopen
        </Button>
      )}
      {mayTake && (!closed || mayReopen) && (
        <Button icon="person" aria-keyshortcuts="a" busy={busy === "take"} disabled={busy !== ""} onClick={() => void run("take", () => desk.takeOver(talk.name, closed))}>
          Take over
        </Button>
      )}
    </div>
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

function Unsent({ how, end, stay }: { how: How; end: () => void; stay: () => void }) {
  return (
    <Banner
      look="warn"
      icon="alert"
      action={
        <div className="flex flex-wrap gap-2">
          <Button onClick={stay}>Keep writing</Button>
          <Button onClick={end}>{how === "resolve" ? "Resolve without it" : "Return without it"}</Button>
        </div>
      }
    >
      Your reply isn't sent yet.
    </Banner>
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
