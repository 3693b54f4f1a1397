import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Locks } from "./locks.fixture";
import { area } from "./storage.fixture";
import { exclusively } from "./turns";

const KEY = "session";
let shared: Storage;

/** The storage as another process sees it: `ms` later. */
function late(ms: number): Storage {
  const seen = new Map<string, string>();
  return {
    getItem: (key: string) => seen.get(key) ?? null,
    setItem: (key: string, value: string) => {
      shared.setItem(key, value);
      setTimeout(() => seen.set(key, value), ms);
    },
    removeItem: (key: string) => shared.removeItem(key),
  } as unknown as Storage;
}

beforeEach(() => {
  vi.useFakeTimers();
  shared = area();
  vi.stubGlobal("navigator", { locks: new Locks() });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Takes what is stored, or stores this tab's own. */
function opens(name: string): Promise<string> {
  return exclusively("lock", async () => {
    const found = window.localStorage.getItem(KEY);
    if (found) return found;
    await Promise.resolve();
    window.localStorage.setItem(KEY, name);
    return name;
  });
}

it("finds what the turn before stored, although it comes late", async () => {
  vi.stubGlobal("window", { localStorage: late(300) });
  const both = Promise.all([opens("first"), opens("second")]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await both).toEqual(["first", "first"]);
});

it("continues after a second where nothing ever comes", async () => {
  vi.stubGlobal("window", { localStorage: late(1e9) });
  let done = false;
  const both = Promise.all([opens("first"), opens("second")]).then((found) => ((done = true), found));
  await vi.advanceTimersByTimeAsync(900);
  expect(done).toBe(false);
  await vi.advanceTimersByTimeAsync(300);
  expect(await both).toEqual(["first", "second"]);
});

it("waits for no turn that is long over", async () => {
  vi.stubGlobal("window", { localStorage: late(1e9) });
  await opens("first");
  await vi.advanceTimersByTimeAsync(2_100);
  expect(await opens("second")).toBe("second");
});

it("passes on what breaks, and the next turn begins", async () => {
  vi.stubGlobal("window", { localStorage: late(0) });
  await expect(exclusively("lock", () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  await vi.advanceTimersByTimeAsync(10);
  expect(await opens("next")).toBe("next");
});

it("works at once without locks, and where they are refused", async () => {
  vi.stubGlobal("window", { localStorage: area() });
  vi.stubGlobal("navigator", {});
  expect(await opens("here")).toBe("here");
  vi.stubGlobal("navigator", { locks: { request: () => Promise.reject(new DOMException("blocked", "SecurityError")) } });
  expect(await opens("there")).toBe("here");
});
