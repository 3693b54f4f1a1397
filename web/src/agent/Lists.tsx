/** The waiting customers, and the agent's own conversations. */

import type { Assignment } from "@contracts/agent/v1/handover_pb";
import type { QueueEntry } from "@contracts/agent/v1/queue_pb";
import { ConversationPriority, type Conversation } from "@contracts/core/v1/conversation_pb";
import { useEffect, useRef, type ReactNode, type Ref } from "react";

import { millis } from "../chat/conversation";
import { useStore } from "../chat/store";
import { Button } from "../ui/Button";
import { customerName } from "../ui/customer";
import { Name } from "../ui/Name";
import { lasting, useNow } from "../ui/time";
import type { Desk, DeskState } from "./desk";
import { channelText } from "./channels";
import { waitingText } from "./inbox";
import { specialText } from "./words";

/** Without a target of the queue, a customer who waits longer counts as overdue. */
const LATE_MS = 5 * 60_000;

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
  const { byName: channels } = useStore(desk.channels.store);
  const { pending } = useStore(desk.endings.store);
  const assignments = inbox.assignments.filter(({ conversation }) => !pending.some((ending) => ending.conversation === conversation));
  const waiting = useRef<HTMLElement>(null);
  useEffect(() => {
    if (takesFocus && loaded) (waiting.current?.querySelector("button") ?? waiting.current?.querySelector("h2"))?.focus();
  }, [takesFocus, loaded]);
  if (!loaded) return <Skeleton />;
  const accept = async (entry: QueueEntry) => {
    if (await desk.accept(entry.handover)) choose(entry.conversation);
  };
  const own = (
    <Section title="Yours" count={assignments.length} empty="You have no conversations.">
      {assignments.map((assignment) => (
        <OwnRow
          key={assignment.name}
          assignment={assignment}
          channel={channelText(channels.get(byName.get(assignment.conversation)?.channel ?? ""))}
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
      {assignments.length > 0 && own}
      <Section box={waiting} title="Waiting" count={inbox.entries.length} urgent empty={state.connection === "live" ? waitingText(inbox, "queue") : "Reconnecting…"}>
        {inbox.entries.map((entry) => (
          <WaitingRow
            key={entry.handover}
            entry={entry}
            channel={channelText(channels.get(entry.channel))}
            overview={byName.get(entry.conversation)}
            now={now}
            open={open === entry.conversation}
            busy={state.accepting === entry.handover}
            choose={choose}
            accept={() => void accept(entry)}
          />
        ))}
      </Section>
      {assignments.length === 0 && own}
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
  /** The channel in words. */
  channel: string;
  overview: Conversation | undefined;
  now: number;
  open: boolean;
  busy: boolean;
  choose: (conversation: string) => void;
  accept: () => void;
}

function WaitingRow({ entry, channel, overview, now, open, busy, choose, accept }: WaitingProps) {
  const since = entry.waitTime ? millis(entry.waitTime) : now;
  const name = nameOf(entry, overview);
  return (
    <li className={`flex items-center gap-2 rounded-2xl pe-2.5 ${open ? "bg-soft" : "hover:bg-sunken"}`}>
      <button type="button" aria-current={open} onClick={() => choose(entry.conversation)} className="min-w-0 flex-1 rounded-2xl p-2.5 text-start">
        <Head name={name} time={lasting(since, now)} late={isLate(entry, since, now)} />
        <Preview text={entry.preview || entry.reason || "Asked for an agent"} overview={overview} />
        <Special overview={overview} more={[channel, entry.declined ? "You declined" : ""]} />
      </button>
      <Button look="primary" busy={busy} aria-label={`Accept ${name}`} onClick={accept} className="px-3.5">
        Accept
      </Button>
    </li>
  );
}

interface OwnProps {
  assignment: Assignment;
  /** The channel in words. */
  channel: string;
  overview: Conversation | undefined;
  now: number;
  open: boolean;
  choose: (conversation: string) => void;
}

function OwnRow({ assignment, channel, overview, now, open, choose }: OwnProps) {
  const time = assignment.messageTime ?? assignment.startTime;
  const { unansweredCount: count } = assignment;
  const name = nameOf(assignment, overview);
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
          <Special overview={overview} more={[channel]} />
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

/** Beyond its queue's target, or, without one, beyond a time that no customer should wait. */
function isLate({ dueTime }: QueueEntry, since: number, now: number): boolean {
  return now > (dueTime ? millis(dueTime) : since + LATE_MS);
}

function Head({ name, time, late = false }: { name: string; time: string; late?: boolean }) {
  return (
    <span className="flex items-baseline justify-between gap-2">
      <span className="truncate text-sm font-semibold">
        <Name>{name}</Name>
      </span>
      <span className={`shrink-0 text-xs tabular-nums ${late ? "font-semibold text-danger" : "text-muted"}`}>
        {time}
        {late && <span className="sr-only">, overdue</span>}
      </span>
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

interface SpecialProps {
  overview: Conversation | undefined;
  /** Further texts; empty ones are left out. */
  more: readonly string[];
}

function Special({ overview, more }: SpecialProps) {
  const text = [...more, overview ? specialText(overview.priority, overview.language) : ""].filter(Boolean).join(" · ");
  if (!text) return null;
  const urgent = overview?.priority === ConversationPriority.HIGH || overview?.priority === ConversationPriority.URGENT;
  return <span className={`mt-1 inline-block rounded-full px-2 text-xs font-semibold ${urgent ? "bg-note text-on-note" : "bg-sunken text-muted"}`}>{text}</span>;
}

/** The customer's name as core has it now, or as the inbox has it. */
function nameOf({ customerDisplayName, customer }: QueueEntry | Assignment, overview: Conversation | undefined): string {
  return customerName(overview?.summary?.customerDisplayName || customerDisplayName, overview?.customer || customer);
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
