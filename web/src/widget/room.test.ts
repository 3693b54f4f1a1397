import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { area } from "../api/storage.fixture";
import { Memos, Room } from "./room";

const KEY = "frontdesk:organizations/o/channels/web:chat";

beforeEach(() => {
  vi.stubGlobal("navigator", { onLine: true });
  vi.stubGlobal("window", { localStorage: area() });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it("sends what was written in each conversation to that conversation, also after it was left", async () => {
  const sent: string[] = [];
  const send = (room: Room, { text }: { text: string }) => {
    sent.push(`${room.name} ${text}`);
    return Promise.resolve("accepted" as const);
  };
  for (const name of ["c1", "c2"]) new Room(name, send, () => undefined).outbox.add(`to ${name}`);
  await vi.advanceTimersByTimeAsync(10);
  expect(sent).toEqual(["c1 to c1", "c2 to c2"]);
});

it("keeps unsent messages over a reload, by conversation", async () => {
  const before = new Memos(KEY);
  const away = () => Promise.reject(new ConnectError("", Code.Unavailable));
  for (const name of ["c1", "c2"]) new Room(name, away, (room) => before.keep(room)).outbox.add(`to ${name}`);
  await vi.advanceTimersByTimeAsync(1_000);

  const after = new Memos(KEY);
  expect(Object.values(after.all()).flatMap(({ drafts }) => drafts.map(({ text }) => text)).sort()).toEqual(["to c1", "to c2"]);
  after.forget("c1");
  expect(Object.keys(after.all())).toEqual(["c2"]);
});

it("leaves the drafts of other tabs alone", async () => {
  const away = () => Promise.reject(new ConnectError("", Code.Unavailable));
  const tabs = [new Memos(KEY), new Memos(KEY)];
  const [first, second] = tabs.map((memos) => new Room("c1", away, (room) => memos.keep(room)));
  first!.outbox.add("one");
  second!.outbox.add("two");
  await vi.advanceTimersByTimeAsync(10);
  first!.outbox.discard(first!.drafts[0]!.requestId);
  expect(tabs[0]!.of("c1").drafts.map(({ text }) => text)).toEqual(["two"]);
});

it("says nothing any more once it is stopped, so that moved drafts are sent once", async () => {
  const changed = vi.fn();
  const room = new Room("", () => Promise.reject(new ConnectError("", Code.Unavailable)), changed);
  room.outbox.add("one");
  room.stop();
  const calls = changed.mock.calls.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(changed).toHaveBeenCalledTimes(calls);
});

it("remembers how far a conversation was read, and of many the last ones and those with drafts", () => {
  const memos = new Memos(KEY);
  memos.keep({ name: "c0", drafts: [{ requestId: "r1", text: "x", note: false, state: "sending", time: 0 }] });
  for (let number = 1; number <= 60; number += 1) memos.keep({ name: `c${number}`, drafts: [] }, number);
  memos.keep({ name: "c60", drafts: [] }, 7);
  expect(memos.of("c60").seen).toBe(60);
  expect(memos.of("c0").drafts).toHaveLength(1);
  expect(memos.of("c1").seen).toBe(0);
  expect(Object.keys(memos.all()).length).toBeLessThanOrEqual(51);
});
