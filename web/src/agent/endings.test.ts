import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Endings, type Ending } from "./endings";

const RESOLVE: Ending = { conversation: "organizations/o/conversations/a", how: "resolve" };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function begun() {
  const done: Ending[] = [];
  const endings = new Endings(async (ending) => done.push(ending), 5_000);
  endings.begin(RESOLVE);
  return { done, endings };
}

it("ends a conversation after the time to undo", async () => {
  const { done, endings } = begun();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(done).toEqual([]);
  expect(endings.store.get().pending).toEqual([RESOLVE]);
  await vi.advanceTimersByTimeAsync(1);
  expect(done).toEqual([RESOLVE]);
  expect(endings.store.get().pending).toEqual([]);
});

it("ends nothing that was undone, and says whether there was something", async () => {
  const { done, endings } = begun();
  expect(endings.undo(RESOLVE.conversation)).toBe(true);
  expect(endings.undo(RESOLVE.conversation)).toBe(false);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toEqual([]);
});

it("takes the last of two requests, once", async () => {
  const { done, endings } = begun();
  const back: Ending = { ...RESOLVE, how: "return" };
  await vi.advanceTimersByTimeAsync(3_000);
  endings.begin(back);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(done).toEqual([back]);
});

it("ends everything at once when the page is left, and nothing twice", async () => {
  const { done, endings } = begun();
  endings.flush();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toEqual([RESOLVE]);
  expect(endings.undo(RESOLVE.conversation)).toBe(false);
});
