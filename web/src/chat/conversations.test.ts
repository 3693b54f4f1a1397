import { create } from "@bufbuild/protobuf";
import { ConversationSchema, ConversationState } from "@contracts/core/v1/conversation_pb";
import { ParticipantRole } from "@contracts/core/v1/message_pb";
import { expect, it } from "vitest";

import { merged, rowOf } from "./conversations";

it("shows what was said last, by whom, and when", () => {
  const conversation = create(ConversationSchema, {
    state: ConversationState.AUTOMATED,
    createTime: { seconds: 1n },
    summary: { lastRole: ParticipantRole.CUSTOMER, lastPreview: "Where is it?", lastMessageTime: { seconds: 7n } },
  });
  expect(rowOf(conversation, ParticipantRole.CUSTOMER)).toEqual({ title: "You: Where is it?", preview: "", time: 7_000, standing: "" });
});

it("does not call the customer's words an agent's own", () => {
  const summary = { lastRole: ParticipantRole.CUSTOMER, lastPreview: "Where is it?" };
  expect(rowOf(create(ConversationSchema, { summary }), ParticipantRole.AGENT).title).toBe("Where is it?");
});

it("shows the subject first, and who has the conversation", () => {
  const summary = { lastRole: ParticipantRole.AGENT, lastPreview: "On its way." };
  const row = (state: ConversationState, agentDisplayName = "") =>
    rowOf(create(ConversationSchema, { subject: "Order 7", state, agentDisplayName, summary, createTime: { seconds: 1n } }), ParticipantRole.CUSTOMER);
  expect(row(ConversationState.CLOSED)).toEqual({ title: "Order 7", preview: "On its way.", time: 1_000, standing: "Closed" });
  expect(row(ConversationState.WAITING).standing).toBe("Waiting for an agent");
  expect(row(ConversationState.ASSIGNED).standing).toBe("With an agent");
  expect(row(ConversationState.ASSIGNED, "Demo Agent").standing).toContain("Demo Agent");
});

it("says when nothing was said yet", () => {
  expect(rowOf(create(ConversationSchema, {}), ParticipantRole.CUSTOMER).title).toBe("No messages yet");
});

it("lists a conversation that moved up between two pages once", () => {
  const page = (...names: string[]) => names.map((name) => create(ConversationSchema, { name }));
  expect(merged(page("c1", "c2"), page("c2", "c3")).map(({ name }) => name)).toEqual(["c1", "c2", "c3"]);
});
