/** Where a new day, an agent or a new group of messages begins. Pure. */

import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole, type Message } from "@contracts/core/v1/message_pb";

import { day } from "../ui/time";
import { millis, type View } from "./conversation";

export interface Arranged {
  message: Message;
  date: string | undefined;
  /** The agent who joined before this message. */
  joined: string | undefined;
  first: boolean;
  last: boolean;
}

const TOGETHER_MS = 5 * 60_000;

/**
 * An agent joins where the epoch grows to one in which that agent speaks, or has the conversation now. Where earlier messages
 * are missing (`complete` is false), nothing is said of what happened before the first one.
 */
export function arrange(view: View, complete: boolean): { lines: Arranged[]; joinedLast: string | undefined } {
  const agents = agentsByEpoch(view);
  const { messages } = view;
  const lines = messages.map((message, index) => {
    const before = messages[index - 1];
    const after = messages[index + 1];
    const date = before && day(timeOf(before)) === day(timeOf(message)) ? undefined : day(timeOf(message));
    const changed = before ? message.epoch > before.epoch : complete;
    const joined = changed ? agents.get(message.epoch) : undefined;
    const first = !before || date !== undefined || joined !== undefined || !together(before, message);
    return { message, date, joined, first, last: !after || !together(message, after) };
  });
  const newest = messages.at(-1)?.epoch ?? 0n;
  return { lines, joinedLast: view.epoch > newest ? agents.get(view.epoch) : undefined };
}

/** The agents' names by the epochs in which they have, or had, the conversation. */
function agentsByEpoch({ messages, state, epoch, agentName }: View): Map<bigint, string> {
  const spoke = messages.filter(({ role, note }) => role === ParticipantRole.AGENT && !note);
  const agents = new Map(spoke.map((message) => [message.epoch, message.authorDisplayName]));
  return state === ConversationState.ASSIGNED ? agents.set(epoch, agentName) : agents;
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
