import { expect, test } from "vitest";

import { beginning, periodOf, stepsOf } from "./period";

const iso = (ms: number) => new Date(ms).toISOString();

test("a period begins at a midnight of the organization, whatever zone the browser is in", () => {
  const now = Date.parse("2026-07-10T22:30:00Z"); // already the 11th in Madrid
  expect(iso(beginning("today", "Europe/Madrid", now))).toBe("2026-07-10T22:00:00.000Z");
  expect(iso(beginning("7d", "Europe/Madrid", now))).toBe("2026-07-04T22:00:00.000Z");
  expect(iso(beginning("today", "Asia/Kathmandu", now))).toBe("2026-07-10T18:15:00.000Z");
  expect(iso(beginning("30d", "America/Los_Angeles", now))).toBe("2026-06-11T07:00:00.000Z");
});

test("days begin at midnight on both sides of a change of the clocks", () => {
  const steps = stepsOf("7d", "Europe/Madrid", Date.parse("2026-10-27T12:00:00Z"));
  expect(steps.map(iso)).toEqual([
    "2026-10-20T22:00:00.000Z",
    "2026-10-21T22:00:00.000Z",
    "2026-10-22T22:00:00.000Z",
    "2026-10-23T22:00:00.000Z",
    "2026-10-24T22:00:00.000Z",
    "2026-10-25T23:00:00.000Z",
    "2026-10-26T23:00:00.000Z",
  ]);
});

test("today has its hours up to the present one, 25 on the longest day", () => {
  expect(stepsOf("today", "Europe/Madrid", Date.parse("2026-10-25T22:59:00Z"))).toHaveLength(25);
  expect(stepsOf("today", "UTC", Date.parse("2026-10-25T00:00:00Z"))).toHaveLength(1);
});

test("an unknown period in the address is the last seven days", () => {
  expect(periodOf("forever")).toBe("7d");
  expect(periodOf(null)).toBe("7d");
  expect(periodOf("90d")).toBe("90d");
});
