import { expect, test } from "vitest";

import { amountOf, moneyOf } from "./money";

test.each([0, 0.5, 12, 12.34, 999_999.01])("%d survives the way there and back", (amount) => {
  expect(amountOf(moneyOf(amount))).toBeCloseTo(amount, 6);
});

test("no amount is none", () => {
  expect(moneyOf(undefined)).toBeUndefined();
  expect(amountOf(undefined)).toBeUndefined();
});

test("cents are exact", () => {
  expect(moneyOf(0.1)).toEqual({ units: 0n, nanos: 100_000_000 });
});
