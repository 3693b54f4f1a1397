import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { area } from "../api/storage.fixture";
import { SharedSession, type SessionChange } from "./sharedSession";

const ANN = "organizations/o/users/ann";
const BEN = "organizations/o/users/ben";
const PRESENTED_AT = new Date("2026-01-01T12:00:00Z");

let listener: ((event: { key: string | null }) => void) | undefined;

beforeEach(() => {
  vi.useFakeTimers({ now: PRESENTED_AT });
  vi.stubGlobal("window", { localStorage: area(), addEventListener: (_: string, heard: typeof listener) => (listener = heard) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("gives the second tab the token that the first one was given", () => {
  const [first, second] = [new SharedSession(), new SharedSession()];
  first.keep("t1", ANN);
  expect(first.take()).toBe("t1");
  expect(first.keep("t2", ANN, "t1")).toBe(true);
  expect(second.take()).toBe("t2");
});

it("drops the answer to a token when someone signed out, or in, meanwhile", () => {
  const [first, second] = [new SharedSession(), new SharedSession()];
  first.keep("t1", ANN);
  first.take();
  second.leave();
  expect(first.keep("t2", ANN, "t1")).toBe(false);
  expect(first.get()).toBeUndefined();
  second.keep("b1", BEN);
  expect(first.keep("t2", ANN, "t1")).toBe(false);
  first.end("t1");
  first.refused("t1");
  expect(second.take()).toBe("b1");
});

it("presents a token whose answer got lost again only while the server repeats the answer", () => {
  const [closed, open] = [new SharedSession(), new SharedSession()];
  closed.keep("t1", ANN);
  closed.take();
  vi.setSystemTime(PRESENTED_AT.getTime() + 7_000);
  expect(open.take()).toBe("t1");
  vi.setSystemTime(PRESENTED_AT.getTime() + 9_000);
  expect(open.take()).toBeUndefined();
  expect(open.get()).toBeUndefined();
});

it("presents a token again after an answer that it was not exchanged", () => {
  const session = new SharedSession();
  session.keep("t1", ANN);
  session.take();
  session.refused("t1");
  vi.setSystemTime(PRESENTED_AT.getTime() + 60_000);
  expect(session.take()).toBe("t1");
});

it("reports what another tab did", () => {
  const [other, own] = [new SharedSession(), new SharedSession()];
  const heard: SessionChange[] = [];
  own.onChange((change) => heard.push(change));
  const notify = () => listener?.({ key: "frontdesk:session" });
  other.keep("t1", ANN);
  notify();
  other.take();
  notify();
  other.end("t1");
  notify();
  other.leave();
  notify();
  listener?.({ key: "another" });
  expect(heard).toEqual([{ kind: "kept", user: ANN }, { kind: "presented" }, { kind: "ended" }, { kind: "left" }]);
});
