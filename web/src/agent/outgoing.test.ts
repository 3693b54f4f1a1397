import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { area } from "../api/storage.fixture";
import { AllOutgoing } from "./outgoing";

const USER = "organizations/o/users/u1";

beforeEach(() => {
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("window", { sessionStorage: area() });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("sends what a reload interrupted, to its conversation and under its request id, and not as another user", async () => {
  const tried: string[] = [];
  const before = new AllOutgoing(USER, (_, { requestId }) => {
    tried.push(requestId);
    return Promise.reject(new ConnectError("", Code.Unavailable));
  });
  before.to("c1").outbox.add("hello");
  before.to("c2").outbox.add("a note", true);
  await vi.advanceTimersByTimeAsync(5_000);
  before.stop();

  const sent: string[] = [];
  const send = (conversation: string, { text, note, requestId }: { text: string; note: boolean; requestId: string }) => {
    sent.push(`${conversation} ${text} ${note} ${tried.includes(requestId)}`);
    return Promise.resolve("m");
  };
  new AllOutgoing("organizations/o/users/u2", send).restore();
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual([]);

  const after = new AllOutgoing(USER, send);
  after.restore();
  await vi.advanceTimersByTimeAsync(10);
  expect(sent.sort()).toEqual(["c1 hello false true", "c2 a note true true"]);
  expect(after.to("c1").store.get().drafts).toEqual([]);

  new AllOutgoing(USER, send).restore();
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toHaveLength(2);
});
