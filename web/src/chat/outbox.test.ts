import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Outbox, type Draft, type Sent } from "./outbox";

type Answer = Sent | ConnectError;

function outbox(...answers: Answer[]) {
  const sent: string[] = [];
  let drafts: readonly Draft[] = [];
  const box = new Outbox(
    {
      send: ({ requestId }) => {
        sent.push(requestId);
        const answer = answers.shift() ?? "accepted";
        return answer instanceof ConnectError ? Promise.reject(answer) : Promise.resolve(answer);
      },
      changed: (now) => {
        drafts = now;
      },
    },
    new AbortController().signal,
  );
  return { box, sent, drafts: () => drafts };
}

beforeEach(() => {
  vi.stubGlobal("navigator", { onLine: true });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const idle = () => vi.advanceTimersByTimeAsync(60_000);

it("shows a message at once and lets go of it when it is accepted", async () => {
  const { box, drafts } = outbox();
  box.add("hello");
  expect(drafts()).toMatchObject([{ text: "hello", state: "sending" }]);
  await idle();
  expect(drafts()).toEqual([]);
});

it("repeats under the same request id while nobody answers", async () => {
  const { box, sent, drafts } = outbox(new ConnectError("", Code.Unavailable), new ConnectError("", Code.DeadlineExceeded));
  box.add("hello");
  await idle();
  expect(sent).toHaveLength(3);
  expect(new Set(sent).size).toBe(1);
  expect(drafts()).toEqual([]);
});

it("gives up after some tries, and tries again when asked, under the same request id", async () => {
  const gone = Array.from({ length: 4 }, () => new ConnectError("", Code.Unavailable));
  const { box, sent, drafts } = outbox(...gone);
  box.add("hello");
  await idle();
  expect(drafts()).toMatchObject([{ state: "failed" }]);
  box.retry(drafts()[0]!.requestId);
  await idle();
  expect(drafts()).toEqual([]);
  expect(new Set(sent).size).toBe(1);
});

it("does not repeat what was refused", async () => {
  const { box, sent, drafts } = outbox(new ConnectError("", Code.InvalidArgument));
  box.add("hello");
  await idle();
  expect(sent).toHaveLength(1);
  expect(drafts()).toMatchObject([{ state: "failed" }]);
});

it("keeps the order: the second waits for the first", async () => {
  const { box, sent } = outbox(new ConnectError("", Code.Unavailable));
  box.add("one");
  box.add("two");
  await idle();
  expect(sent[0]).toBe(sent[1]);
  expect(sent).toHaveLength(3);
});

it("shows what is queued until the history has it", async () => {
  const { box, drafts } = outbox("queued");
  box.add("hello");
  await idle();
  expect(drafts()).toMatchObject([{ state: "queued" }]);
  box.settle([drafts()[0]!.requestId]);
  expect(drafts()).toEqual([]);
});

it("waits while the browser is offline, and sends when it is back", async () => {
  const network = { onLine: false };
  vi.stubGlobal("navigator", network);
  const { box, sent, drafts } = outbox();
  box.add("hello");
  await idle();
  expect(sent).toEqual([]);
  expect(drafts()).toMatchObject([{ state: "sending" }]);
  network.onLine = true;
  await idle();
  expect(sent).toHaveLength(1);
});
