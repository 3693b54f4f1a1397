import { create } from "@bufbuild/protobuf";
import { BusinessHoursSchema } from "@contracts/admin/v1/setting_pb";
import { expect, test } from "vitest";

import { copied, DAYS, OFFICE_HOURS, openingsOf, problemOf, timeIn, WEEKDAYS, weekOf, type Stretch } from "./hours";

const week = (monday: Stretch[], sunday: Stretch[] = []) => [monday, [], [], [], [], [], sunday];

test("a week survives the way to the setting and back, in order", () => {
  const written = week([{ from: "13:30", until: "18:00" }, { from: "09:00", until: "12:00" }], [{ from: "00:00", until: "24:00" }]);
  const read = weekOf(create(BusinessHoursSchema, { openings: openingsOf(written) }));
  expect(read[0]).toEqual([{ from: "09:00", until: "12:00" }, { from: "13:30", until: "18:00" }]);
  expect(read[1]).toEqual([]);
  expect(read[6]).toEqual([{ from: "00:00", until: "24:00" }]);
});

test.each([
  [[{ from: "09:00", until: "09:00" }], "Monday: the end must be after the beginning"],
  [[{ from: "09:00", until: "12:00" }, { from: "11:00", until: "13:00" }], "Monday: the times overlap"],
])("%j has a problem", (monday, problem) => {
  expect(problemOf(week(monday))).toBe(problem);
});

test("stretches that touch are fine", () => {
  expect(problemOf(week([{ from: "09:00", until: "12:00" }, { from: "12:00", until: "24:00" }]))).toBeUndefined();
});

test.each([
  ["9", "09:00"],
  ["9:30", "09:30"],
  [" 17.15 ", "17:15"],
  ["24:00", "24:00"],
  ["0:00", "00:00"],
])("%j is the time %s", (typed, time) => {
  expect(timeIn(typed)).toBe(time);
});

test.each(["", "noon", "25:00", "24:01", "9:60", "9:3", "-1:00", "９:00", "09:00:00"])("%j is no time", (typed) => {
  expect(timeIn(typed)).toBeUndefined();
});

test("the hours of a day are copied to the weekdays, or to the whole week", () => {
  const [open, closed] = [[{ from: "10:00", until: "19:00" }], [] as Stretch[]];
  const saturday = [closed, closed, closed, closed, closed, open, closed];
  expect(copied(saturday, 5, WEEKDAYS)).toEqual([open, open, open, open, open, open, closed]);
  expect(copied(saturday, 5, DAYS.length)).toEqual(Array(7).fill(open));
  expect(copied(saturday, 0, DAYS.length)).toEqual(Array(7).fill(closed));
});

test("the hours to begin with are those of offices", () => {
  expect(OFFICE_HOURS.map((stretches) => stretches.length)).toEqual([1, 1, 1, 1, 1, 0, 0]);
});
