/** A conversation from its first message to what is being written now. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { MessageKind, ParticipantRole, type Message } from "@contracts/core/v1/message_pb";
import { Fragment, type ReactNode } from "react";

import { day, useAhead } from "../ui/time";
import { Dots, DraftBubble, Frame, LiveBubble, MessageBubble, type Side } from "./Bubble";
import { millis, type View } from "./conversation";
import type { Draft } from "./outbox";

interface Props {
  view: View;
  drafts: readonly Draft[];
  /** Who looks at it. */
  reader: ParticipantRole.CUSTOMER | ParticipantRole.AGENT;
  offline: boolean;
  retry: (requestId: string) => void;
  discard: (requestId: string) => void;
  /** Stands before the first message. */
  opening?: ReactNode;
  /** Stands below an answer of the assistant that says it does not know. */
  offer?: ReactNode;
}

const TOGETHER_MS = 5 * 60_000;

export function Timeline({ view, drafts, reader, offline, retry, discard, opening, offer }: Props) {
  const other = reader === ParticipantRole.CUSTOMER ? ParticipantRole.AGENT : ParticipantRole.CUSTOMER;
  const otherTypes = useAhead(view.typing[other]);
  const lines = arrange(view.messages);
  const last = view.messages.at(-1);
  return (
    <ol className="flex flex-col gap-1.5 px-4 py-4">
      {opening && <li>{opening}</li>}
      {lines.map(({ message, date, joined, first, last }) => (
        <Fragment key={message.name}>
          {date && <Line>{date}</Line>}
          {joined && <Line>{joined} joined the conversation</Line>}
          <li className={`message ${first ? "mt-2.5" : ""}`} data-role={ParticipantRole[message.role].toLowerCase()}>
            <MessageBubble message={message} side={sideOf(message, reader)} author={first ? authorOf(message, reader) : undefined} timed={last} />
          </li>
        </Fragment>
      ))}
      {offer && last?.kind === MessageKind.UNKNOWN && view.state === ConversationState.AUTOMATED && drafts.length === 0 && !view.turn && (
        <li className="mt-1 animate-rise">{offer}</li>
      )}
      {view.state === ConversationState.ASSIGNED && view.agentName && lastAgent(view.messages) !== view.agentName && (
        <Line>{view.agentName} joined the conversation</Line>
      )}
      {drafts.map((draft) => (
        <li key={draft.requestId} className="mt-1 animate-rise">
          <DraftBubble draft={draft} offline={offline} retry={retry} discard={discard} />
        </li>
      ))}
      {view.turn && (
        <li className="mt-2.5 animate-rise">
          <LiveBubble turn={view.turn} author={last?.role === ParticipantRole.ASSISTANT ? undefined : "Assistant"} />
        </li>
      )}
      {otherTypes && (
        <li className="mt-2.5 animate-rise">
          <Frame side={reader === ParticipantRole.CUSTOMER ? "agent" : "customer"}>
            <Dots label={reader === ParticipantRole.CUSTOMER ? `${view.agentName || "An agent"} is writing` : "The customer is writing"} />
          </Frame>
        </li>
      )}
      {view.state === ConversationState.CLOSED && <Line>This conversation is closed</Line>}
    </ol>
  );
}

function Line({ children }: { children: ReactNode }) {
  return (
    <li className="my-2 flex items-center gap-3 text-xs font-medium text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {children}
    </li>
  );
}

interface Arranged {
  message: Message;
  date: string | undefined;
  joined: string | undefined;
  first: boolean;
  last: boolean;
}

/** Where a new day, a new person or a new group of messages begins. */
function arrange(messages: readonly Message[]): Arranged[] {
  let agent = "";
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    const date = before && day(timeOf(before)) === day(timeOf(message)) ? undefined : day(timeOf(message));
    const speaks = message.role === ParticipantRole.AGENT && !message.note;
    const joined = speaks && message.authorDisplayName !== agent ? message.authorDisplayName : undefined;
    if (speaks) agent = message.authorDisplayName;
    if (message.role === ParticipantRole.ASSISTANT) agent = "";
    return {
      message,
      date,
      joined,
      first: !before || date !== undefined || joined !== undefined || !together(before, message),
      last: !after || !together(message, after),
    };
  });
}

/** The agent who speaks at the end of the history; empty when it is not an agent. */
function lastAgent(messages: readonly Message[]): string {
  const last = messages.findLast((message) => message.role !== ParticipantRole.CUSTOMER && !message.note);
  return last?.role === ParticipantRole.AGENT ? last.authorDisplayName : "";
}

function together(one: Message, next: Message): boolean {
  return (
    one.role === next.role &&
    one.note === next.note &&
    one.authorDisplayName === next.authorDisplayName &&
    timeOf(next) - timeOf(one) < TOGETHER_MS
  );
}

function timeOf(message: Message): number {
  return message.createTime ? millis(message.createTime) : 0;
}

function sideOf(message: Message, reader: ParticipantRole): Side {
  if (message.note) return "note";
  if (message.role === reader) return "own";
  if (message.role === ParticipantRole.ASSISTANT) return "assistant";
  return message.role === ParticipantRole.AGENT ? "agent" : "customer";
}

function authorOf(message: Message, reader: ParticipantRole): string | undefined {
  if (message.note) return `Note by ${message.authorDisplayName || "an agent"}`;
  if (message.role === ParticipantRole.ASSISTANT) return "Assistant";
  if (message.role === ParticipantRole.AGENT) return message.authorDisplayName || "Agent";
  return reader === ParticipantRole.CUSTOMER ? undefined : "Customer";
}
