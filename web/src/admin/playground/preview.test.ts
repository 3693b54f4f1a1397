import { create } from "@bufbuild/protobuf";
import { MessageKind } from "@contracts/core/v1/message_pb";
import { PreviewReplyResponseSchema } from "@contracts/core/v1/reply_service_pb";
import { expect, test } from "vitest";

import { amount, asked, folded, took, verdict } from "./preview";

test("an answer is folded of its frames: text, then steps, then the end", () => {
  const frames = [
    { text: "Thirty " },
    { text: "days." },
    { step: { step: { kind: { case: "recall" as const, value: {} } } } },
    { step: { step: { kind: { case: "modelCall" as const, value: {} } } } },
    { kind: MessageKind.ANSWER, assistant: "gpt-4o", duration: { seconds: 1n, nanos: 500_000_000 } },
  ].map((frame) => create(PreviewReplyResponseSchema, frame));
  const answer = frames.reduce(folded, asked("How long?"));
  expect(answer.text).toBe("Thirty days.");
  expect(answer.steps.map(({ step }) => step?.kind.case)).toEqual(["recall", "modelCall"]);
  expect([answer.kind, answer.assistant, answer.durationMs]).toEqual([MessageKind.ANSWER, "gpt-4o", 1500]);
});

test("each end has its own words", () => {
  const done = { ...asked(""), phase: "done" as const };
  expect(verdict(done).text).toContain("off");
  expect(verdict({ ...done, kind: MessageKind.UNKNOWN }).text).toBe("Doesn't know, offers a human");
  expect(verdict({ ...done, kind: MessageKind.UNKNOWN, handsOver: true }).text).toBe("Doesn't know, hands over");
  expect(verdict({ ...done, kind: MessageKind.ANSWER }).look).toBe("good");
  expect(verdict({ ...done, phase: "failed" }).look).toBe("bad");
});

test("small amounts keep two digits that say something", () => {
  const money = (units: number, nanos: number) => ({ units: BigInt(units), nanos, currencyCode: "" }) as Parameters<typeof amount>[0];
  expect([money(0, 0), money(0, 213_000), money(0, 27_000_000), money(1, 500_000_000)].map(amount)).toEqual(["0", "0.00021", "0.03", "1.50"]);
});

test("times are short", () => {
  expect([took(42.4), took(2149)]).toEqual(["42 ms", "2.1 s"]);
});
