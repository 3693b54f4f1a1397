/**
 * A conversation as a screen shows it: history and the events of its watch, folded into one value.
 *
 * Pure. Events may come twice (after a resume) and, around a reload of the history, late; both change nothing.
 */

import { ConversationPriority, ConversationState, type Capabilities, type Conversation, type Rating } from "@contracts/core/v1/conversation_pb";
import { TurnState, type WatchConversationResponse } from "@contracts/core/v1/conversation_service_pb";
import type { Citation, Message } from "@contracts/core/v1/message_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";

/** The assistant's answer while it is generated. */
export interface LiveTurn {
  /** Resource name of the turn. */
  name: string;
  attempt: number;
  /** Over: the answer is in the history, or about to be. */
  done: boolean;
  text: string;
  /** The length of `text` in code points, which is what the contract's offsets count. */
  length: number;
  citations: readonly Citation[];
}

const MAX_ENDED = 8;
const NONE: readonly Citation[] = [];

export interface View {
  /** `organizations/{organization}/customers/{customer}`. */
  customer: string;
  state: ConversationState;
  /** The agent's name while one has the conversation. */
  agentName: string;
  agent: string;
  handoverReason: string;
  /** The details that agents can change, and their etag. */
  subject: string;
  priority: ConversationPriority;
  language: string;
  etag: string;
  tags: readonly string[];
  /** `organizations/{organization}/channels/{channel}`, where the customer writes. */
  channel: string;
  /** The limits of the customer's channel; undefined: none. */
  capabilities: Capabilities | undefined;
  /** The customer's opinion; undefined: none was given. */
  rating: Rating | undefined;
  /** How often the conversation has changed hands: text of an older epoch is over. */
  epoch: bigint;
  /** By `seq`, without doubles. */
  messages: readonly Message[];
  turn: LiveTurn | null;
  /** The last turns that ended without an answer: none of their text is shown again. */
  ended: readonly string[];
  /** Until when someone types, in ms since 1970. */
  typing: Readonly<Partial<Record<ParticipantRole, number>>>;
  /** The time of the known state of the conversation itself, in ms since 1970. */
  updated: number;
}

export const EMPTY: View = {
  customer: "",
  state: ConversationState.UNSPECIFIED,
  agentName: "",
  agent: "",
  handoverReason: "",
  subject: "",
  priority: ConversationPriority.UNSPECIFIED,
  language: "",
  etag: "",
  tags: [],
  channel: "",
  capabilities: undefined,
  rating: undefined,
  epoch: 0n,
  messages: [],
  turn: null,
  ended: [],
  typing: {},
  updated: 0,
};

/** Starts again from the history, keeping older fetched pages if there is no gap between. */
export function withHistory(view: View, messages: readonly Message[], conversation: Conversation): View {
  const known = view.messages.at(-1)?.seq ?? 0n;
  const hole = messages.length > 0 && messages[0]!.seq > known + 1n && known > 0n;
  const kept = hole ? [] : view.messages;
  return withConversation({ ...view, turn: null, typing: {}, messages: merge(kept, messages) }, conversation);
}

/** Adds messages from elsewhere: older pages, the answer to a send. */
export function withMessages(view: View, messages: readonly Message[]): View {
  const merged = merge(view.messages, messages);
  const answered = view.turn !== null && merged.some((message) => message.turn === view.turn?.name);
  return { ...view, messages: merged, turn: answered ? null : view.turn };
}

/** Folds one event of the watch. */
export function fold(view: View, event: WatchConversationResponse["event"]): View {
  switch (event.case) {
    case "messageCreated":
      return withMessages(stopTyping(view, event.value.role), [event.value]);
    case "conversationUpdated":
      return withConversation(view, event.value);
    case "replyDelta":
      return withDelta(view, event.value);
    case "turnUpdated":
      return withTurn(view, event.value);
    case "typing": {
      const until = event.value.expireTime ? millis(event.value.expireTime) : 0;
      return { ...view, typing: { ...view.typing, [event.value.role]: until } };
    }
    default:
      return view;
  }
}

/** Why nothing can be sent to the customer at a time, in ms since 1970; empty: something can. */
export function closedWindow({ capabilities }: View, now: number): string {
  const closes = capabilities?.windowCloseTime;
  return closes && millis(closes) <= now ? "This customer's channel accepts messages again when they write." : "";
}

/** Milliseconds since 1970 of a protobuf timestamp. */
export function millis(time: { seconds: bigint; nanos: number }): number {
  return Number(time.seconds) * 1000 + Math.floor(time.nanos / 1e6);
}

function merge(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const names = new Set(known.map((message) => message.name));
  const fresh = more.filter((message) => message.name !== "" && !names.has(message.name));
  if (fresh.length === 0) return known;
  return [...known, ...fresh].sort((a, b) => Number(a.seq - b.seq));
}

function withConversation(view: View, conversation: Conversation): View {
  const updated = conversation.updateTime ? millis(conversation.updateTime) : view.updated;
  if (updated < view.updated) return view;
  const silent = conversation.state !== ConversationState.AUTOMATED;
  return {
    ...view,
    updated,
    customer: conversation.customer,
    epoch: larger(view.epoch, conversation.epoch),
    state: conversation.state,
    agent: conversation.agent,
    agentName: conversation.agentDisplayName,
    handoverReason: conversation.handoverReason,
    subject: conversation.subject,
    priority: conversation.priority,
    language: conversation.language,
    etag: conversation.etag,
    tags: conversation.tags,
    channel: conversation.channel,
    capabilities: conversation.capabilities,
    rating: conversation.rating,
    turn: silent ? null : view.turn, // an assistant never talks over a human
  };
}

type Delta = Extract<WatchConversationResponse["event"], { case: "replyDelta" }>["value"];
type Turn = Extract<WatchConversationResponse["event"], { case: "turnUpdated" }>["value"];

function withDelta(view: View, delta: Delta): View {
  if (isAnswered(view, delta.turn) || isOver(view, delta)) return view;
  const current = view.turn?.name === delta.turn ? view.turn : null;
  if (current && delta.attempt < current.attempt) return view;
  const kept = current && current.attempt === delta.attempt ? current : null;
  const length = kept?.length ?? 0;
  if (delta.offset > length) return view; // a piece is missing: the message that ends the turn has all of it
  const start = delta.offset === length ? (kept?.text ?? "") : head(kept?.text ?? "", delta.offset);
  const before = (kept?.citations ?? NONE).filter(({ end }) => end <= delta.offset);
  const turn: LiveTurn = {
    name: delta.turn,
    attempt: delta.attempt,
    done: false,
    text: start + delta.text,
    length: delta.offset + points(delta.text),
    citations: delta.citations.length > 0 || before.length !== kept?.citations.length ? [...before, ...delta.citations] : kept.citations,
  };
  return { ...view, turn, epoch: larger(view.epoch, delta.epoch) };
}

function withTurn(view: View, update: Turn): View {
  const { turn: name, attempt, state } = update;
  if (isAnswered(view, name)) return view;
  const current = view.turn?.name === name ? view.turn : null;
  if (state === TurnState.PENDING || state === TurnState.RUNNING) {
    if (isOver(view, update) || (current && attempt <= current.attempt)) return view;
    const turn: LiveTurn = { name, attempt, done: false, text: "", length: 0, citations: NONE };
    return { ...view, turn, epoch: larger(view.epoch, update.epoch) };
  }
  // The text stays until the message is there, so that nothing flickers.
  if (state === TurnState.DONE) return current ? { ...view, turn: { ...current, done: true } } : view;
  return { ...view, turn: current ? null : view.turn, ended: [...view.ended, name].slice(-MAX_ENDED) };
}

/** Whether the assistant may show nothing of a turn: it has ended, or the conversation has changed hands since. */
function isOver(view: View, { turn, epoch }: { turn: string; epoch: bigint }): boolean {
  const silent = view.state !== ConversationState.AUTOMATED && view.state !== ConversationState.UNSPECIFIED;
  return view.ended.includes(turn) || epoch < view.epoch || (epoch === view.epoch && silent);
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function isAnswered(view: View, turn: string): boolean {
  return view.messages.some((message) => message.turn === turn && turn !== "");
}

function stopTyping(view: View, role: ParticipantRole): View {
  return view.typing[role] ? { ...view, typing: { ...view.typing, [role]: 0 } } : view;
}

function points(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function head(text: string, count: number): string {
  return [...text].slice(0, count).join("");
}
