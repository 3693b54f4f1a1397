import { expect, test } from "vitest";

import { withNeighbours } from "./rows";

test("a list that is scrolled away keeps the focused row, and those that Tab goes to from it", () => {
  expect(withNeighbours([50, 51, 52], 3, 60)).toEqual([2, 3, 4, 50, 51, 52]);
  expect(withNeighbours([0, 1, 2], 40, 60)).toEqual([0, 1, 2, 39, 40, 41]);
  expect(withNeighbours([0, 1, 2], 2, 60)).toEqual([0, 1, 2, 3]);
});

test("at the ends there is nothing beside it, and without a focus nothing is added", () => {
  expect(withNeighbours([50, 51], 0, 52)).toEqual([0, 1, 50, 51]);
  expect(withNeighbours([0, 1], 51, 52)).toEqual([0, 1, 50, 51]);
  expect(withNeighbours([7, 8], -1, 60)).toEqual([7, 8]);
});
