import { expect, it } from "vitest";

import { neighbour, SHORTCUTS } from "./shortcuts";

it("moves through a list and stops at its ends", () => {
  expect([neighbour(-1, 3, 1), neighbour(-1, 3, -1), neighbour(0, 3, 1), neighbour(2, 3, 1), neighbour(0, 3, -1)]).toEqual([0, 2, 1, undefined, undefined]);
  expect([neighbour(-1, 0, 1), neighbour(-1, 0, -1)]).toEqual([undefined, undefined]);
});

it("has one meaning for each key outside of text fields", () => {
  const keys = SHORTCUTS.slice(0, 2).flatMap(({ shortcuts }) => shortcuts.map(({ key }) => key));
  expect(new Set(keys).size).toBe(keys.length);
});
