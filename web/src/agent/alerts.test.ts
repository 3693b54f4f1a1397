import { create } from "@bufbuild/protobuf";
import { AssignmentSchema } from "@contracts/agent/v1/handover_pb";
import { QueueEntrySchema } from "@contracts/agent/v1/queue_pb";
import { expect, it } from "vitest";

import { newsBetween } from "./alerts";
import { EMPTY, type Inbox } from "./inbox";

const waiting = (id: string, more: object = {}) =>
  create(QueueEntrySchema, { handover: `organizations/o/handovers/${id}`, conversation: `organizations/o/conversations/${id}`, customer: "organizations/o/customers/k1234", ...more });
const own = (id: string, unansweredCount: number) =>
  create(AssignmentSchema, { conversation: `organizations/o/conversations/${id}`, customerDisplayName: "Ada", unansweredCount });
const inbox = (change: Partial<Inbox>): Inbox => ({ ...EMPTY, ...change });

it("alerts to a customer who came into the queue, once, and not of one who was declined", () => {
  const before = inbox({ entries: [waiting("a")] });
  const after = inbox({ entries: [waiting("a"), waiting("b"), waiting("c", { declined: true })] });
  expect(newsBetween(before, after)).toEqual([{ conversation: "organizations/o/conversations/b", text: "\u2068Customer 1234\u2069 is waiting for an agent" }]);
  expect(newsBetween(after, after)).toEqual([]);
});

it("alerts to a customer who wrote in an agent's own conversation, and not of one just accepted", () => {
  const before = inbox({ assignments: [own("a", 0)] });
  const after = inbox({ assignments: [own("a", 1), own("b", 2)] });
  const [news, ...more] = newsBetween(before, after);
  expect(news?.conversation).toBe("organizations/o/conversations/a");
  expect(news?.text).toMatch(/Ada.* wrote to you/);
  expect(more).toEqual([]);
});

it("alerts to nothing when an agent has answered", () => {
  expect(newsBetween(inbox({ assignments: [own("a", 2)] }), inbox({ assignments: [own("a", 0)] }))).toEqual([]);
});
