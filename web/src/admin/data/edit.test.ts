import { expect, test } from "vitest";

import { differing, etagToSave, same, unsaved } from "./edit";

test("the order of fields makes no difference, the order of a list does", () => {
  expect(same({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
  expect(same({ roles: ["a", "b"] }, { roles: ["b", "a"] })).toBe(false);
});

test("large numbers are compared exactly", () => {
  expect(same({ seconds: 9007199254740993n }, { seconds: 9007199254740992n })).toBe(false);
  expect(same({ seconds: 1n }, { seconds: 1n })).toBe(true);
});

test("an absent field and an undefined one are the same", () => {
  expect(same({ a: undefined }, {})).toBe(true);
});

test("in a conflict only the fields are shown that differ", () => {
  const stored = { name: "Theirs", language: "en", roles: ["a"] };
  expect(differing({ name: "Mine", language: "en", roles: ["a"] }, stored)).toEqual([{ name: "name", mine: "Mine", theirs: "Theirs" }]);
  expect(differing({}, stored)).toEqual([]);
});

test("what is typed while a save runs stays unsaved", () => {
  expect(unsaved({ name: "newer", language: "de" }, { name: "sent", language: "de" })).toEqual({ name: "newer" });
});

test("a save is a conflict only if a field that the form shows was changed by someone else", () => {
  const seen = { etag: "1", stored: { greeting: "Hello" } };
  expect(etagToSave(undefined, seen)).toBe("1");
  expect(etagToSave(seen, { etag: "2", stored: { greeting: "Hello" } })).toBe("2"); // a switch beside the form
  expect(etagToSave(seen, { etag: "2", stored: { greeting: "Good day" } })).toBe("1");
});
