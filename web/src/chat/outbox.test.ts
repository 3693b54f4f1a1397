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

it("repeats under the same request id while no server answers", async () => {
  const { box, sent, drafts } = outbox(new ConnectError("", Code.Unavailable), new ConnectError("", Code.DeadlineExceeded));
  box.add("hello");
  await idle();
  expect(sent).toHaveLength(3);
  expect(new Set(sent).size).toBe(1);
  expect(drafts()).toEqual([]);
});

it("keeps trying for as long as the outage lasts, under the same request id", async () => {
  const outage = Array.from({ length: 30 }, () => new ConnectError("", Code.Unavailable));
  const { box, sent, drafts } = outbox(...outage);
  box.add("hello");
  await vi.advanceTimersByTimeAsync(100_000);
  expect(drafts()).toMatchObject([{ state: "sending", failure: { code: Code.Unavailable } }]);
  await vi.advanceTimersByTimeAsync(400_000);
  expect(drafts()).toEqual([]);
  expect(sent).toHaveLength(31);
  expect(new Set(sent).size).toBe(1);
});

it("tries at once when the connection is back", async () => {
  const { box, sent } = outbox(...Array.from({ length: 30 }, () => new ConnectError("", Code.Unavailable)));
  box.add("hello");
  await vi.advanceTimersByTimeAsync(60_000);
  const tries = sent.length;
  box.hurry();
  await vi.advanceTimersByTimeAsync(1);
  expect(sent).toHaveLength(tries + 1);
});

it("waits as long as a server asks for that is sent too much, whatever else happens", async () => {
  const refused = new ConnectError("", Code.ResourceExhausted);
  refused.details.push({ type: "google.rpc.RetryInfo", value: new Uint8Array([10, 2, 8, 30]) });
  const { box, sent, drafts } = outbox(refused);
  box.add("hello");
  await vi.advanceTimersByTimeAsync(29_000);
  box.hurry();
  await vi.advanceTimersByTimeAsync(900);
  expect(sent).toHaveLength(1);
  expect(drafts()).toMatchObject([{ state: "sending", failure: { sentence: expect.stringContaining("too fast") } }]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(drafts()).toEqual([]);
});

it("lets the next one go when the one that is retried is removed", async () => {
  const { box, sent, drafts } = outbox(...Array.from({ length: 3 }, () => new ConnectError("", Code.Internal)));
  box.add("one");
  box.add("two");
  await vi.advanceTimersByTimeAsync(1_500);
  box.discard(drafts()[0]!.requestId);
  await idle();
  expect(drafts()).toEqual([]);
  expect(new Set(sent).size).toBe(2);
});

it("sends a refused message again when asked, under the same request id", async () => {
  const { box, sent, drafts } = outbox(new ConnectError("", Code.FailedPrecondition));
  box.add("hello");
  await idle();
  expect(drafts()).toMatchObject([{ state: "failed" }]);
  box.retry(drafts()[0]!.requestId);
  await idle();
  expect(drafts()).toEqual([]);
  expect(new Set(sent).size).toBe(1);
});

it.each([Code.InvalidArgument, Code.PermissionDenied, Code.FailedPrecondition, Code.Unauthenticated])("does not repeat what was refused (%i)", async (code) => {
  const { box, sent, drafts } = outbox(new ConnectError("", code));
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
