/** An agent's inbox as the screen shows it, folded from its list and its events. Pure. */

import type { Assignment } from "@contracts/agent/v1/handover_pb";
import { type InboxEvent, type InboxMessage, QueueEntryRemovalCause } from "@contracts/agent/v1/inbox_pb";
import type { ListInboxResponse } from "@contracts/agent/v1/inbox_service_pb";
import type { Presence } from "@contracts/agent/v1/presence_pb";
import type { QueueEntry } from "@contracts/agent/v1/queue_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";

import { millis } from "../chat/conversation";
import { isolated } from "../ui/Name";

export interface Inbox {
  /** The agent's resource name. */
  agent: string;
  /** The queue, the longest wait first. */
  entries: readonly QueueEntry[];
  /** This agent's conversations, the newest message first. */
  assignments: readonly Assignment[];
  /** By the agent's resource name. */
  presences: ReadonlyMap<string, Presence>;
}

export const EMPTY: Inbox = { agent: "", entries: [], assignments: [], presences: new Map() };

export function fromList(list: ListInboxResponse): Inbox {
  return {
    agent: list.agent,
    entries: [...list.queueEntries].sort(byWait),
    assignments: [...list.assignments].sort(byMessage),
    presences: new Map(list.presences.map((presence) => [agentOf(presence), presence])),
  };
}

/** Folds one event; a repeated one changes nothing. */
export function fold(inbox: Inbox, { change }: InboxEvent): Inbox {
  switch (change.case) {
    case "queueEntryAdded":
      return { ...inbox, entries: [...without(inbox.entries, change.value.handover), change.value].sort(byWait) };
    case "queueEntryRemoved":
      return { ...inbox, entries: without(inbox.entries, change.value.handover) };
    case "assignmentStarted":
      return change.value.agent === inbox.agent ? withAssignment(inbox, change.value) : inbox;
    case "assignmentEnded": {
      const { conversation, agent } = change.value;
      if (agent !== inbox.agent) return inbox;
      return { ...inbox, assignments: inbox.assignments.filter((other) => other.conversation !== conversation) };
    }
    case "messageCreated":
      return withMessage(inbox, change.value);
    case "presenceChanged":
      return { ...inbox, presences: new Map(inbox.presences).set(agentOf(change.value), change.value) };
    case "handoverDeclined": {
      const { handover, agent } = change.value;
      if (agent !== inbox.agent) return inbox;
      return { ...inbox, entries: inbox.entries.map((e) => (e.handover === handover ? { ...e, declined: true } : e)) };
    }
    default:
      return inbox;
  }
}

export function withAssignment(inbox: Inbox, assignment: Assignment): Inbox {
  if (inbox.assignments.some((other) => other.name === assignment.name)) return inbox;
  const others = inbox.assignments.filter((other) => other.conversation !== assignment.conversation);
  return { ...inbox, assignments: [...others, assignment].sort(byMessage) };
}

/** The event's text for the agent, if it has one: the colleague who was faster. */
export function notice(inbox: Inbox, { change }: InboxEvent): string | undefined {
  if (change.case !== "queueEntryRemoved" || change.value.cause !== QueueEntryRemovalCause.ACCEPTED) return undefined;
  const { agent, agentDisplayName, handover } = change.value;
  if (agent === inbox.agent || !inbox.entries.some((entry) => entry.handover === handover)) return undefined;
  return `${agentDisplayName ? isolated(agentDisplayName) : "Another agent"} accepted a waiting conversation.`;
}

/** How many messages of customers wait for this agent's answer. */
export function unanswered(inbox: Inbox): number {
  return inbox.assignments.reduce((sum, assignment) => sum + assignment.unansweredCount, 0);
}

/** How many customers wait: in the queue, and in this agent's own conversations for an answer. */
export function waitingCount({ entries, assignments }: Inbox): { queue: number; own: number } {
  return { queue: entries.length, own: assignments.filter((assignment) => assignment.unansweredCount > 0).length };
}

/** The number of waiting customers, as text: "no one" only if the queue and the agent's own conversations are both empty. */
export function waitingText(inbox: Inbox, about: "queue" | "all"): string {
  const { queue, own } = waitingCount(inbox);
  if (queue > 0) return queue === 1 ? "1 customer waiting" : `${queue} customers waiting`;
  if (own === 0) return "No one waiting.";
  if (about === "queue") return "No one else waiting.";
  return own === 1 ? "1 customer waiting for your reply" : `${own} customers waiting for your reply`;
}

/** `organizations/{organization}/agents/{agent}` of a presence's name. */
function agentOf({ name }: Presence): string {
  return name.replace(/\/presence$/, "");
}

function without(entries: readonly QueueEntry[], handover: string): readonly QueueEntry[] {
  return entries.filter((entry) => entry.handover !== handover);
}

function withMessage(inbox: Inbox, { conversation, preview, author, unansweredCount }: InboxMessage): Inbox {
  const seconds = BigInt(Math.floor(Date.now() / 1000));
  const messageTime = { $typeName: "google.protobuf.Timestamp" as const, seconds, nanos: 0 };
  const assignments = inbox.assignments.map((assignment) =>
    assignment.conversation === conversation ? { ...assignment, preview, unansweredCount, messageTime } : assignment,
  );
  const entries = inbox.entries.map((entry) =>
    entry.conversation === conversation && author === ParticipantRole.CUSTOMER ? { ...entry, preview } : entry,
  );
  return { ...inbox, entries, assignments: assignments.sort(byMessage) };
}

function byWait(a: QueueEntry, b: QueueEntry): number {
  return (a.waitTime ? millis(a.waitTime) : 0) - (b.waitTime ? millis(b.waitTime) : 0);
}

function byMessage(a: Assignment, b: Assignment): number {
  return newest(b) - newest(a);
}

function newest({ messageTime, startTime }: Assignment): number {
  const time = messageTime ?? startTime;
  return time ? millis(time) : 0;
}
