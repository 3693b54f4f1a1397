import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { CapabilitiesSchema, ConversationSchema, ConversationState } from "@contracts/core/v1/conversation_pb";
import { TurnState, WatchConversationResponseSchema } from "@contracts/core/v1/conversation_service_pb";
import { MessageSchema, ParticipantRole, type Message } from "@contracts/core/v1/message_pb";
import { describe, expect, it } from "vitest";

import { numbered } from "./citations";
import { closedWindow, EMPTY, fold, withHistory, withMessages, type View } from "./conversation";

const TURN = "organizations/o/conversations/c/turns/t1";

type Event = NonNullable<MessageInitShape<typeof WatchConversationResponseSchema>["event"]>;

const after = (view: View, ...events: Event[]): View =>
  events.reduce((seen, event) => fold(seen, create(WatchConversationResponseSchema, { event }).event), view);

const delta = (offset: number, text: string, attempt = 1, turn = TURN, epoch = 1n): Event => ({
  case: "replyDelta",
  value: { turn, attempt, offset, text, epoch },
});

const turn = (state: TurnState, attempt = 1, name = TURN, epoch = 1n): Event => ({
  case: "turnUpdated",
  value: { turn: name, state, attempt, epoch },
});

const message = (seq: number, more: MessageInitShape<typeof MessageSchema> = {}): Message =>
  create(MessageSchema, { name: `organizations/o/conversations/c/messages/m${seq}`, seq: BigInt(seq), text: `message ${seq}`, ...more });

const created = (value: Message): Event => ({ case: "messageCreated", value });

const conversation = (state: ConversationState, seconds = 10, epoch = 1n) =>
  create(ConversationSchema, { state, epoch, agentDisplayName: "Demo Agent", updateTime: { seconds: BigInt(seconds), nanos: 0 } });

const updated = (state: ConversationState, seconds = 10, epoch = 1n): Event => ({
  case: "conversationUpdated",
  value: conversation(state, seconds, epoch),
});

const seqs = (view: View) => view.messages.map(({ seq }) => Number(seq));

describe("the text of a running turn", () => {
  it("grows by its deltas", () => {
    const view = after(EMPTY, turn(TurnState.RUNNING), delta(0, "Two "), delta(4, "working "), delta(12, "days"));
    expect(view.turn?.text).toBe("Two working days");
  });

  it("counts offsets in code points, not in UTF-16 units", () => {
    const view = after(EMPTY, delta(0, "A tent 🏕️"), delta(9, " for you"));
    expect(view.turn?.text).toBe("A tent 🏕️ for you");
    expect(after(EMPTY, delta(0, "🏕"), delta(2, "a piece is missing")).turn?.text).toBe("🏕");
  });

  it("brings citations, and drops those of text that is dropped", () => {
    const cited = (end: number, passage: string) => ({ start: 0, end, source: { passage } });
    const more = (offset: number, text: string, ...citations: ReturnType<typeof cited>[]): Event => ({
      case: "replyDelta",
      value: { turn: TURN, attempt: 1, epoch: 1n, offset, text, citations },
    });
    const ends = (view: View) => view.turn?.citations.map(({ end, source }) => [end, source?.passage]);
    const view = after(EMPTY, delta(0, "Free"), more(4, ". Two", cited(4, "a")), more(9, " days.", cited(14, "b")));
    expect(ends(view)).toEqual([[4, "a"], [14, "b"]]);
    expect(ends(after(view, delta(15, " Yes")))).toEqual([[4, "a"], [14, "b"]]);
    expect(ends(after(view, delta(9, " hours")))).toEqual([[4, "a"]]);
    expect(ends(after(view, delta(0, "Free")))).toEqual([]);
    expect(numbered(after(view, more(15, "", cited(15, "a"), cited(15, "a"))).turn!.citations).marks).toEqual([
      { at: 4, index: 1 },
      { at: 14, index: 2 },
      { at: 15, index: 1 },
    ]);
  });

  it("starts again at offset 0, as after a resume", () => {
    const view = after(EMPTY, delta(0, "Two "), delta(4, "wor"), delta(0, "Two working"), delta(11, " days"));
    expect(view.turn?.text).toBe("Two working days");
  });

  it("starts again with a later attempt", () => {
    expect(after(EMPTY, delta(0, "Wrong"), delta(0, "Right", 2)).turn?.text).toBe("Right");
    expect(after(EMPTY, delta(0, "Wrong"), turn(TurnState.RUNNING, 2)).turn?.text).toBe("");
  });

  it("ignores what an earlier attempt still says", () => {
    expect(after(EMPTY, delta(0, "Right", 2), delta(5, " wrong", 1)).turn?.text).toBe("Right");
    expect(after(EMPTY, delta(0, "Right", 2), delta(0, "Wrong", 1)).turn?.text).toBe("Right");
  });

  it("is not shown again once its turn has ended, not even when another has ended since", () => {
    const ended = after(EMPTY, delta(0, "Two"), turn(TurnState.SUPERSEDED), turn(TurnState.SUPERSEDED, 1, "other"));
    expect(ended.turn).toBeNull();
    expect(after(ended, delta(0, "Two working")).turn).toBeNull();
    expect(after(ended, delta(0, "Dead"), turn(TurnState.RUNNING), delta(0, "Dead too", 1, "other")).turn).toBeNull();
    expect(after(ended, delta(0, "New", 1, "next"), delta(0, "Two"), delta(0, "Dead", 1, "other")).turn?.text).toBe("New");
  });

  it("is not shown while a human has the conversation, or asks to have it", () => {
    for (const state of [ConversationState.WAITING, ConversationState.ASSIGNED, ConversationState.CLOSED]) {
      const taken = after(EMPTY, delta(0, "Two"), updated(state, 10, 2n));
      expect(after(taken, delta(0, "Two working"), turn(TurnState.RUNNING), delta(0, "Dead", 1, "other")).turn).toBeNull();
      expect(after(taken, delta(0, "Dead", 1, "other", 2n)).turn).toBeNull();
    }
  });

  it("of an older epoch is not shown after the assistant has the conversation back", () => {
    const back = after(EMPTY, updated(ConversationState.ASSIGNED, 10, 2n), updated(ConversationState.AUTOMATED, 11, 3n));
    expect(after(back, delta(0, "Two"), turn(TurnState.RUNNING)).turn).toBeNull();
    expect(after(back, delta(0, "New", 1, "next", 3n), delta(0, "Two")).turn?.text).toBe("New");
  });

  it("of a newer epoch is shown before the conversation's own news are here", () => {
    const taken = after(EMPTY, updated(ConversationState.ASSIGNED, 10, 2n));
    expect(after(taken, delta(0, "New", 1, "next", 3n)).turn?.text).toBe("New");
  });

  it("waits for the message when a piece is missing", () => {
    expect(after(EMPTY, delta(0, "Two "), delta(12, "days")).turn?.text).toBe("Two ");
  });

  it("drops what a repeated piece overlaps", () => {
    expect(after(EMPTY, delta(0, "Two working"), delta(4, "short days")).turn?.text).toBe("Two short days");
  });

  it("of a new turn replaces that of the one before", () => {
    expect(after(EMPTY, delta(0, "Old"), delta(0, "New", 1, `${TURN}2`)).turn?.text).toBe("New");
  });
});

describe("the end of a turn", () => {
  it("leaves the text until the message is there, then the message alone", () => {
    const done = after(EMPTY, delta(0, "Two days"), turn(TurnState.DONE));
    expect(done.turn).toMatchObject({ text: "Two days", done: true });
    expect(after(done, created(message(1, { turn: TURN }))).turn).toBeNull();
  });

  it("makes deltas and states that come late harmless", () => {
    const view = after(EMPTY, created(message(1, { turn: TURN })), delta(0, "Two"), turn(TurnState.RUNNING));
    expect(view.turn).toBeNull();
  });

  it.each([TurnState.SUPERSEDED, TurnState.CANCELLED, TurnState.FAILED])("takes the text away when it ends as %s", (state) => {
    expect(after(EMPTY, delta(0, "Two"), turn(state)).turn).toBeNull();
  });

  it("of another turn does not touch the running one", () => {
    expect(after(EMPTY, delta(0, "Two"), turn(TurnState.SUPERSEDED, 1, `${TURN}0`)).turn?.text).toBe("Two");
  });

  it("comes with a human: the assistant falls silent", () => {
    expect(after(EMPTY, delta(0, "Two"), updated(ConversationState.WAITING)).turn).toBeNull();
  });
});

describe("the history", () => {
  it("has each message once, in order, however often and late it comes", () => {
    const view = after(EMPTY, created(message(2)), created(message(1)), created(message(2)), created(message(3)));
    expect(seqs(view)).toEqual([1, 2, 3]);
  });

  it("is joined with what a resume brings again", () => {
    const view = withHistory(EMPTY, [message(1), message(2)], conversation(ConversationState.AUTOMATED));
    expect(seqs(after(view, created(message(2)), created(message(3))))).toEqual([1, 2, 3]);
  });

  it("keeps older pages when it is fetched again, unless a hole would be left", () => {
    const paged = withMessages(withHistory(EMPTY, [message(3), message(4)], conversation(ConversationState.AUTOMATED)), [
      message(1),
      message(2),
    ]);
    expect(seqs(paged)).toEqual([1, 2, 3, 4]);
    const again = conversation(ConversationState.AUTOMATED, 11);
    expect(seqs(withHistory(paged, [message(4), message(5)], again))).toEqual([1, 2, 3, 4, 5]);
    expect(seqs(withHistory(paged, [message(9)], again))).toEqual([9]);
  });

  it("forgets a running text when it is fetched again: the watch brings it from its start", () => {
    const running = after(EMPTY, delta(0, "Two"));
    expect(withHistory(running, [], conversation(ConversationState.AUTOMATED)).turn).toBeNull();
  });
});

describe("the conversation itself", () => {
  it("takes over state and agent", () => {
    const view = after(EMPTY, updated(ConversationState.ASSIGNED));
    expect(view).toMatchObject({ state: ConversationState.ASSIGNED, agentName: "Demo Agent" });
  });

  it("is not set back by an older update", () => {
    const view = after(EMPTY, updated(ConversationState.ASSIGNED, 20), updated(ConversationState.WAITING, 10));
    expect(view.state).toBe(ConversationState.ASSIGNED);
  });
});

describe("typing", () => {
  const typing = (role: ParticipantRole): Event => ({
    case: "typing",
    value: { role, expireTime: { seconds: 100n, nanos: 500_000_000 } },
  });

  it("lasts until its time", () => {
    expect(after(EMPTY, typing(ParticipantRole.AGENT)).typing[ParticipantRole.AGENT]).toBe(100_500);
  });

  it("ends with the message", () => {
    const view = after(EMPTY, typing(ParticipantRole.AGENT), created(message(1, { role: ParticipantRole.AGENT })));
    expect(view.typing[ParticipantRole.AGENT]).toBe(0);
  });
});

it("says when a channel accepts nothing until its customer writes", () => {
  const limited = (seconds: bigint): View => ({
    ...EMPTY,
    capabilities: create(CapabilitiesSchema, { windowCloseTime: { seconds, nanos: 0 } }),
  });
  expect(closedWindow(EMPTY, 5_000)).toBe("");
  expect(closedWindow(limited(6n), 5_000)).toBe("");
  expect(closedWindow(limited(5n), 5_000)).not.toBe("");
});
