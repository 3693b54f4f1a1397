import { beforeEach, expect, test, vi } from "vitest";

import { rememberedOrganization, rememberOrganization } from "./organization";

beforeEach(() => {
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  vi.stubGlobal("window", { localStorage, location: { search: "" } });
});

test("the last organization is remembered, and an address can name another", () => {
  expect(rememberedOrganization("")).toBe("");
  rememberOrganization("fern");
  expect(rememberedOrganization("")).toBe("fern");
  expect(rememberedOrganization("?organization=demo")).toBe("demo");
});

test.each(["?organization=", "?organization=A%20B", "?organization=%3Cb%3E", "?organization=-x"])("%s names none", (search) => {
  expect(rememberedOrganization(search)).toBe("");
});
