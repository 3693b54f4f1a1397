/** The waiting customers, and the agent's own conversations. */

import type { Assignment } from "@contracts/agent/v1/handover_pb";
import type { QueueEntry } from "@contracts/agent/v1/queue_pb";
import { ConversationPriority, type Conversation } from "@contracts/core/v1/conversation_pb";
import { useEffect, useRef, type ReactNode, type Ref } from "react";

import { millis } from "../chat/conversation";
import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import { Name } from "../ui/Name";
import { lasting, useNow } from "../ui/time";
import type { Desk, DeskState } from "./desk";
import { waitingText } from "./inbox";
import { specialText } from "./words";

interface Props {
  state: DeskState;
  desk: Desk;
  /** The conversation that is open. */
  open: string;
  choose: (conversation: string) => void;
  /** Takes the focus once it is there: the first waiting row, or the heading. */
  takesFocus: boolean;
}

export function Lists({ state, desk, open, choose, takesFocus }: Props) {
  const now = useNow(15_000);
  const { inbox, loaded } = state;
  const { byName } = useStore(desk.overviews.store);
  const waiting = useRef<HTMLElement>(null);
  useEffect(() => {
    if (takesFocus && loaded) (waiting.current?.querySelector("button") ?? waiting.current?.querySelector("h2"))?.focus();
  }, [takesFocus, loaded]);
  if (!loaded) return <Skeleton />;
  const accept = async (entry: QueueEntry) => {
    if (await desk.accept(entry.handover)) choose(entry.conversation);
  };
  const own = (
    <Section title="Yours" count={inbox.assignments.length} empty="You have no conversations.">
      {inbox.assignments.map((assignment) => (
        <OwnRow
          key={assignment.name}
          assignment={assignment}
          overview={byName.get(assignment.conversation)}
          now={now}
          open={open === assignment.conversation}
          choose={choose}
        />
      ))}
    </Section>
  );
  return (
    <nav aria-label="Conversations" className="flex flex-col gap-6 p-3 pt-4">
      {inbox.assignments.length > 0 && own}
      <Section box={waiting} title="Waiting" count={inbox.entries.length} urgent empty={state.connection === "live" ? waitingText(inbox, "queue") : "Reconnecting…"}>
        {inbox.entries.map((entry) => (
          <WaitingRow
            key={entry.handover}
            entry={entry}
            overview={byName.get(entry.conversation)}
            now={now}
            open={open === entry.conversation}
            busy={state.accepting === entry.handover}
            choose={choose}
            accept={() => void accept(entry)}
          />
        ))}
      </Section>
      {inbox.assignments.length === 0 && own}
    </nav>
  );
}

interface SectionProps {
  box?: Ref<HTMLElement>;
  title: string;
  count: number;
  urgent?: boolean;
  empty: string;
  children: ReactNode;
}

function Section({ box, title, count, urgent = false, empty, children }: SectionProps) {
  return (
    <section ref={box} aria-label={title}>
      <h2 tabIndex={-1} className="mb-2 flex items-center gap-2 px-2 text-sm font-semibold text-muted">
        {title}
        <span
          className={`grid min-w-6 place-items-center rounded-full px-1.5 text-xs leading-5 font-bold tabular-nums ${
            urgent && count > 0 ? "bg-note text-on-note" : "bg-sunken text-muted"
          }`}
        >
          {count}
        </span>
      </h2>
      {count === 0 ? <p className="px-2 py-3 text-sm text-muted">{empty}</p> : <ul className="flex flex-col gap-1">{children}</ul>}
    </section>
  );
}

interface WaitingProps {
  entry: QueueEntry;
  overview: Conversation | undefined;
  now: number;
  open: boolean;
  busy: boolean;
  choose: (conversation: string) => void;
  accept: () => void;
}

function WaitingRow({ entry, overview, now, open, busy, choose, accept }: WaitingProps) {
  const since = entry.waitTime ? millis(entry.waitTime) : now;
  const name = customerName(overview?.summary?.customerDisplayName || entry.customerDisplayName, entry.conversation);
  return (
    <li className={`flex items-center gap-2 rounded-2xl pe-2.5 ${open ? "bg-soft" : "hover:bg-sunken"}`}>
      <button type="button" aria-current={open} onClick={() => choose(entry.conversation)} className="min-w-0 flex-1 rounded-2xl p-2.5 text-start">
        <Head name={name} time={lasting(since, now)} />
        <Preview text={entry.preview || entry.reason || "Asked for an agent"} overview={overview} />
        <Special overview={overview} />
      </button>
      <Button look="primary" busy={busy} aria-label={`Accept ${name}`} onClick={accept} className="px-3.5">
        Accept
      </Button>
    </li>
  );
}

interface OwnProps {
  assignment: Assignment;
  overview: Conversation | undefined;
  now: number;
  open: boolean;
  choose: (conversation: string) => void;
}

function OwnRow({ assignment, overview, now, open, choose }: OwnProps) {
  const time = assignment.messageTime ?? assignment.startTime;
  const { unansweredCount: count } = assignment;
  const name = customerName(overview?.summary?.customerDisplayName || assignment.customerDisplayName, assignment.conversation);
  return (
    <li>
      <button
        type="button"
        aria-current={open}
        onClick={() => choose(assignment.conversation)}
        className={`flex w-full items-center gap-2 rounded-2xl p-2.5 text-start ${open ? "bg-soft" : "hover:bg-sunken"}`}
      >
        <span className="min-w-0 flex-1">
          <Head name={name} time={time ? lasting(millis(time), now) : ""} />
          <Preview text={assignment.preview || "No messages yet"} overview={overview} />
          <Special overview={overview} />
        </span>
        {count > 0 && (
          <span className="grid min-w-5.5 place-items-center rounded-full bg-accent px-1.5 text-xs leading-5.5 font-bold text-on-accent tabular-nums">
            {count}
            <span className="sr-only"> unanswered</span>
          </span>
        )}
      </button>
    </li>
  );
}

function Head({ name, time }: { name: string; time: string }) {
  return (
    <span className="flex items-baseline justify-between gap-2">
      <span className="truncate text-sm font-semibold">
        <Name>{name}</Name>
      </span>
      <span className="shrink-0 text-xs text-muted tabular-nums">{time}</span>
    </span>
  );
}

/** The subject, if there is one, and what was said last. */
function Preview({ text, overview }: { text: string; overview: Conversation | undefined }) {
  return (
    <>
      {overview?.subject && (
        <span dir="auto" className="mt-0.5 block truncate text-[0.83rem] font-medium">
          {overview.subject}
        </span>
      )}
      <span dir="auto" className="mt-0.5 block truncate text-[0.83rem] text-muted">
        {text}
      </span>
    </>
  );
}

function Special({ overview }: { overview: Conversation | undefined }) {
  const text = overview && specialText(overview.priority, overview.language);
  if (!text) return null;
  const urgent = overview.priority === ConversationPriority.HIGH || overview.priority === ConversationPriority.URGENT;
  return <span className={`mt-1 inline-block rounded-full px-2 text-xs font-semibold ${urgent ? "bg-note text-on-note" : "bg-sunken text-muted"}`}>{text}</span>;
}

/** The customer's name, or a replacement for it. */
export function customerName(displayName: string, conversation: string): string {
  return displayName || `Customer ${conversation.slice(-4)}`;
}

function Skeleton() {
  return (
    <div role="status" aria-label="Loading the inbox" className="flex animate-pulse flex-col gap-3 p-4">
      <div className="h-4 w-24 rounded bg-sunken" />
      <div className="h-14 rounded-2xl bg-sunken" />
      <div className="h-14 rounded-2xl bg-sunken" />
    </div>
  );
}
