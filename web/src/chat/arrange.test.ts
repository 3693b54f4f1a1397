import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { MessageSchema, ParticipantRole as Role } from "@contracts/core/v1/message_pb";
import { expect, it } from "vitest";

import { arrange } from "./arrange";
import { EMPTY, type View } from "./conversation";

const message = (seq: number, role: Role, epoch: number, more: MessageInitShape<typeof MessageSchema> = {}) =>
  create(MessageSchema, {
    name: `m${seq}`,
    seq: BigInt(seq),
    role,
    epoch: BigInt(epoch),
    authorDisplayName: role === Role.AGENT ? "Dana" : "",
    ...more,
  });

const HISTORY = [
  message(1, Role.CUSTOMER, 1),
  message(2, Role.ASSISTANT, 1),
  message(3, Role.CUSTOMER, 2),
  message(4, Role.CUSTOMER, 3), // written after Dana joined
  message(5, Role.AGENT, 3, { note: true, authorDisplayName: "Noam" }),
  message(6, Role.AGENT, 3),
  message(7, Role.CUSTOMER, 3),
  message(8, Role.ASSISTANT, 4),
  message(9, Role.AGENT, 6),
];

const view = (more: Partial<View>): View => ({ ...EMPTY, state: ConversationState.AUTOMATED, messages: HISTORY, epoch: 7n, ...more });

/** The messages before which an agent joined, `last` after all of them. */
function joins(shown: View, complete = true): string[] {
  const { lines, joinedLast } = arrange(shown, complete);
  const before = lines.filter(({ joined }) => joined !== undefined).map(({ message, joined }) => `${message.name} ${joined}`);
  return joinedLast === undefined ? before : [...before, `last ${joinedLast}`];
}

it("shows an agent's joining when it happened, not when the agent first spoke, each time", () => {
  expect(joins(view({}))).toEqual(["m4 Dana", "m9 Dana"]);
});

it("stays at its time on a page that begins in the middle", () => {
  expect(joins(view({ messages: HISTORY.slice(2) }), false)).toEqual(["m4 Dana", "m9 Dana"]);
  expect(joins(view({ messages: HISTORY.slice(3) }), false)).toEqual(["m9 Dana"]);
  expect(joins(view({ messages: HISTORY.slice(6) }), false)).toEqual(["m9 Dana"]);
});

it("does not slide down while the agent has not spoken", () => {
  const assigned = { state: ConversationState.ASSIGNED, agentName: "Dana", epoch: 3n };
  expect(joins(view({ ...assigned, messages: HISTORY.slice(0, 3) }))).toEqual(["last Dana"]);
  expect(joins(view({ ...assigned, messages: HISTORY.slice(0, 4) }))).toEqual(["m4 Dana"]);
  expect(joins(view({ ...assigned, messages: HISTORY.slice(0, 5) }))).toEqual(["m4 Dana"]);
  expect(joins(view({ ...assigned, messages: HISTORY.slice(0, 7) }))).toEqual(["m4 Dana"]);
});

it("shows an agent who has a conversation without a message, and none before anybody has it", () => {
  expect(joins(view({ state: ConversationState.ASSIGNED, agentName: "Dana", epoch: 3n, messages: [] }))).toEqual(["last Dana"]);
  expect(joins(view({ state: ConversationState.WAITING, epoch: 2n, messages: HISTORY.slice(0, 2) }))).toEqual([]);
  expect(joins(EMPTY)).toEqual([]);
});
