import { afterEach, expect, it, vi } from "vitest";

import { local } from "./storage";
import { area } from "./storage.fixture";

afterEach(() => {
  vi.unstubAllGlobals();
  local.remove("key");
});

it("remembers for the life of the page where site data is blocked", () => {
  vi.stubGlobal("window", {
    get localStorage(): Storage {
      throw new DOMException("blocked", "SecurityError");
    },
  });
  expect(local.get("key")).toBeNull();
  local.set("key", "1");
  expect(local.get("key")).toBe("1");
  local.remove("key");
  expect(local.get("key")).toBeNull();
});

it("never returns an older value when there is no space for the newer one", () => {
  vi.stubGlobal("window", { localStorage: area(1) });
  local.set("key", "old");
  local.set("key", "new");
  expect(local.get("key")).toBe("new");
  local.remove("key");
  expect(local.get("key")).toBeNull();
});

it("takes what is no JSON for nothing", () => {
  vi.stubGlobal("window", { localStorage: area(3) });
  expect(local.json("key")).toBeUndefined();
  local.set("key", "{");
  expect(local.json("key")).toBeUndefined();
  local.set("key", '{"a":1}');
  expect(local.json("key")).toEqual({ a: 1 });
});
