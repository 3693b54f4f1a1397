import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { InboxEventSchema, QueueEntryRemovalCause as Cause } from "@contracts/agent/v1/inbox_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { ListInboxResponseSchema } from "@contracts/agent/v1/inbox_service_pb";
import { PresenceState } from "@contracts/agent/v1/presence_pb";
import { expect, it } from "vitest";

import { fold, fromList, notice, unanswered, waitingText, type Inbox } from "./inbox";

const ME = "organizations/o/agents/me1";
const OTHER = "organizations/o/agents/me2";

type Change = NonNullable<MessageInitShape<typeof InboxEventSchema>["change"]>;

const event = (change: Change) => create(InboxEventSchema, { change });
const after = (inbox: Inbox, ...changes: Change[]) => changes.reduce((now, change) => fold(now, event(change)), inbox);

const entry = (id: string, seconds: number) => ({
  handover: `organizations/o/handovers/${id}`,
  conversation: `organizations/o/conversations/${id}`,
  waitTime: { seconds: BigInt(seconds), nanos: 0 },
});
const assignment = (id: string, agent = ME) => ({
  name: `organizations/o/assignments/${id}`,
  conversation: `organizations/o/conversations/${id}`,
  agent,
});
const start = fromList(create(ListInboxResponseSchema, { agent: ME, queueEntries: [entry("a", 20)], assignments: [assignment("x")] }));
const waiting = (inbox: Inbox) => inbox.entries.map(({ handover }) => handover.split("/").at(-1));
const own = (inbox: Inbox) => inbox.assignments.map(({ name }) => name.split("/").at(-1)).sort();

it("puts who waits longest first, and each once", () => {
  const added: Change = { case: "queueEntryAdded", value: entry("b", 10) };
  expect(waiting(after(start, added, added))).toEqual(["b", "a"]);
});

it("takes an accepted conversation out of the line and says who was faster", () => {
  const taken: Change = {
    case: "queueEntryRemoved",
    value: { handover: entry("a", 0).handover, cause: Cause.ACCEPTED, agent: OTHER, agentDisplayName: "Second Demo Agent" },
  };
  expect(notice(start, event(taken))).toBe("\u2068Second Demo Agent\u2069 accepted a waiting conversation.");
  expect(waiting(after(start, taken))).toEqual([]);
});

it("says nothing when it was me, or when the conversation ended", () => {
  const handover = entry("a", 0).handover;
  expect(notice(start, event({ case: "queueEntryRemoved", value: { handover, cause: Cause.ACCEPTED, agent: ME } }))).toBeUndefined();
  expect(notice(start, event({ case: "queueEntryRemoved", value: { handover, cause: Cause.WITHDRAWN } }))).toBeUndefined();
});

it("shows my assignments only", () => {
  const begun = after(
    start,
    { case: "assignmentStarted", value: assignment("y") },
    { case: "assignmentStarted", value: assignment("y") },
    { case: "assignmentStarted", value: assignment("z", OTHER) },
  );
  expect(own(begun)).toEqual(["x", "y"]);
  const ended = after(begun, { case: "assignmentEnded", value: { conversation: assignment("x").conversation, agent: ME } });
  expect(own(ended)).toEqual(["y"]);
});

it("counts what waits for an answer", () => {
  const inbox = after(start, {
    case: "messageCreated",
    value: { conversation: assignment("x").conversation, preview: "And now?", author: ParticipantRole.CUSTOMER, unansweredCount: 2 },
  });
  expect(unanswered(inbox)).toBe(2);
  expect(inbox.assignments[0]?.preview).toBe("And now?");
});

it("knows who is at work", () => {
  const inbox = after(start, { case: "presenceChanged", value: { name: `${OTHER}/presence`, state: PresenceState.AWAY } });
  expect(inbox.presences.get(OTHER)?.state).toBe(PresenceState.AWAY);
});

it("says that no one waits only when neither the queue nor an own conversation waits", () => {
  const heard = (unansweredCount: number): Change => ({
    case: "messageCreated",
    value: { conversation: assignment("x").conversation, preview: "?", author: ParticipantRole.CUSTOMER, unansweredCount },
  });
  const empty = after(start, { case: "queueEntryRemoved", value: { handover: entry("a", 0).handover, cause: Cause.WITHDRAWN } });
  expect(waitingText(start, "all")).toBe("1 customer waiting");
  expect(waitingText(empty, "all")).toBe("No one waiting.");
  expect(waitingText(after(empty, heard(2)), "all")).toBe("1 customer waiting for your reply");
  expect(waitingText(after(empty, heard(2)), "queue")).toBe("No one else waiting.");
  expect(waitingText(after(empty, heard(2), heard(0)), "queue")).toBe("No one waiting.");
});
