import { timestampMs } from "@bufbuild/protobuf/wkt";
import { ConversationState } from "@contracts/core/v1/conversation_pb";
import { expect, test } from "vitest";

import { conditions, filtersOf, isFiltered } from "./filters";

const NOW = Date.parse("2026-07-10T12:00:00Z");
const of = (address: string) => filtersOf(new URLSearchParams(address));

test("an address without filters asks for everything", () => {
  expect(isFiltered(of(""))).toBe(false);
  expect(isFiltered(of("q=parcel"))).toBe(false);
  expect(conditions(of(""), "organizations/demo", "UTC", NOW)).toEqual({ states: [], channel: "", agent: "", tags: [] });
});

test("filters become conditions of core", () => {
  const filters = of("state=waiting&channel=web&agent=ada&tag=vip&rating=bad&unanswered=1&period=today");
  const { startTime, ...rest } = conditions(filters, "organizations/demo", "UTC", NOW);
  expect(rest).toEqual({
    states: [ConversationState.WAITING],
    channel: "organizations/demo/channels/web",
    agent: "organizations/demo/agents/ada",
    tags: ["vip"],
    ratings: [1, 2],
    unanswered: true,
  });
  expect(timestampMs(startTime!)).toBe(Date.parse("2026-07-10T00:00:00Z"));
});

test("a metric counts in its own period, and no second condition of time is set", () => {
  const filters = of("metric=conversations_handed_over");
  expect(filters.period).toBe("7d");
  expect(conditions(filters, "organizations/demo", "UTC", NOW)).not.toHaveProperty("startTime");
});

test("nonsense in the address chooses nothing", () => {
  const filters = of(`state=lost&rating=blue&unanswered=yes&tag=${"x".repeat(99)}`);
  expect(filters).toMatchObject({ state: "", rating: "", unanswered: false });
  expect(filters.tag).toHaveLength(40);
});

