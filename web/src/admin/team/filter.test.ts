import { expect, test } from "vitest";

import { filterOf } from "./filter";

test.each([
  ["", "all", ""],
  ["  Dana  shop ", "all", "Dana shop"],
  ["", "active", "state:active"],
  ["dana", "deactivated", "state:deactivated dana"],
  ["dana", "owner OR 1", "dana"],
  ["role:owner mailto:a@b.example", "all", "owner a@b.example"],
  [":", "all", ""],
])("%j in state %s is %j", (words, state, filter) => {
  expect(filterOf(words, state)).toBe(filter);
});

test("what is typed never makes the filter longer than the server accepts", () => {
  expect(filterOf("word ".repeat(100), "active").length).toBeLessThanOrEqual(200);
});
