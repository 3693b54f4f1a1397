import { expect, test } from "vitest";

import { byCited, citedText } from "./citations";

const rows = ["a", "b", "c", "d"].map((name) => ({ name }));
const cited = new Map([["a", 3], ["b", 0], ["d", 12]]);

test("documents that no one cites stand first or last, and those not counted yet always last", () => {
  expect(byCited(rows, cited, "least").map(({ name }) => name)).toEqual(["b", "a", "d", "c"]);
  expect(byCited(rows, cited, "most").map(({ name }) => name)).toEqual(["d", "a", "b", "c"]);
});

test("a count ends at a thousand, and what isn't known is no zero", () => {
  expect([undefined, 0, 999, 1000].map(citedText)).toEqual(["–", "0", "999", "1000+"]);
});
