import { beforeEach, expect, test, vi } from "vitest";

import { deviceToken, rememberDevice } from "./devices";

beforeEach(() => {
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  vi.stubGlobal("window", { localStorage });
});

test("a device token is kept by sign-in", () => {
  rememberDevice("demo/a@example.com", "one");
  rememberDevice("demo/b@example.com", "two");
  rememberDevice("demo/a@example.com", "three");
  expect(deviceToken("demo/a@example.com")).toBe("three");
  expect(deviceToken("demo/b@example.com")).toBe("two");
  expect(deviceToken("demo/c@example.com")).toBe("");
});

test("the sign-in that was used the longest ago is forgotten first", () => {
  for (let n = 0; n < 11; n += 1) rememberDevice(`demo/${n}`, "token");
  expect(deviceToken("demo/0")).toBe("");
  expect(deviceToken("demo/10")).toBe("token");
});

test.each(["not json", "null", "[1]", '{"demo/a": 5}'])("what others have stored there (%s) is no token", (text) => {
  window.localStorage.setItem("frontdesk:devices", text);
  expect(deviceToken("demo/a")).toBe("");
});
